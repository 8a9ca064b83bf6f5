package io.countersign.tenant.orchestrator;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.secret.RandomToken;
import io.countersign.api.validation.DisplayName;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.PrincipalNames;
import io.countersign.notification.webhook.Webhooks;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Provisions, edits, lists and deprovisions orchestrators. A lost secret cannot be recovered: deprovision the
 * orchestrator and provision it again.
 */
@Component
@Transactional
public class Orchestrators {

    private static final String ENTITY = "orchestrator";
    private static final String SELECT = """
            select o.id, o.name, o.contact_email, o.url, o.client_id, o.status, o.created_at, o.last_used_at,
                   o.approval_required
            from orchestrators o
            """;
    private static final Keyset<Orchestrator> NEWEST_FIRST = Keyset.newestFirst(
            "o.created_at", "o.id", Key::uuid, orchestrator -> Key.of(orchestrator.createdAt(), orchestrator.id()));

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final PrincipalNames names;
    private final PasswordEncoder passwords;
    private final AuditTrail audit;
    private final Clock clock;
    private final Webhooks webhooks;
    private final SecureRandom random = new SecureRandom();

    Orchestrators(
            JdbcClient jdbc,
            Memberships memberships,
            PrincipalNames names,
            PasswordEncoder passwords,
            AuditTrail audit,
            Clock clock,
            Webhooks webhooks) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.names = names;
        this.passwords = passwords;
        this.audit = audit;
        this.clock = clock;
        this.webhooks = webhooks;
    }

    /**
     * The details of an orchestrator, set by a superadmin.
     *
     * @param name its display name, 1 to 200 characters
     * @param contactEmail its operators' address
     * @param url the webhook for changes of its tenants, if any
     * @param approvalRequired whether its tenants need approval; empty for the platform's setting
     */
    public record Details(String name, String contactEmail, Optional<String> url, Optional<Boolean> approvalRequired) {}

    /**
     * A new orchestrator with its secrets, which are shown only once.
     *
     * @param orchestrator the orchestrator
     * @param clientSecret its secret; only its hash is stored
     * @param webhookSigningKey the key with which it verifies our webhooks
     */
    public record Provisioned(Orchestrator orchestrator, String clientSecret, String webhookSigningKey) {}

    /**
     * Provisions an orchestrator.
     *
     * @param actor a superadmin
     * @return the orchestrator and its secrets
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws InvalidInput if a detail breaks its rule
     */
    public Provisioned provision(UserId actor, Details details) {
        requireMayManage(actor);
        byte[] id = new byte[8];
        random.nextBytes(id);
        return provision(details, "orc-" + HexFormat.of().formatHex(id), "secret_" + RandomToken.next());
    }

    /**
     * Provisions an orchestrator without an actor, for demonstration data.
     *
     * @param clientId its client id
     * @param clientSecret its secret
     * @throws InvalidInput if a detail breaks its rule, or the client id is reserved or a person's name
     */
    public Provisioned provision(Details details, String clientId, String clientSecret) {
        validate(details);
        if (PrincipalNames.reserved(clientId)) {
            throw new InvalidInput("client_id", PrincipalNames.NOT_RESERVED);
        }
        if (!names.claim(Principal.orchestrator(clientId))) {
            throw new InvalidInput("client_id", "must not be a person's name");
        }
        OrchestratorId id = OrchestratorId.random();
        String webhookKey = "csw_" + RandomToken.next();
        jdbc.sql("""
                        insert into orchestrators (id, name, contact_email, url, client_id, secret_hash, webhook_key,
                                                   status, approval_required, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        id.value(),
                        details.name(),
                        details.contactEmail(),
                        details.url().orElse(null),
                        clientId,
                        passwords.encode(clientSecret),
                        webhookKey,
                        OrchestratorStatus.ACTIVE.wireName(),
                        details.approvalRequired().orElse(null),
                        Timestamp.from(clock.instant()))
                .update();
        jdbc.sql("insert into feature_sync_versions (orchestrator_id, version) values (?, 0)")
                .param(id.value())
                .update();
        Orchestrator orchestrator = find(id).orElseThrow();
        record(AuditAction.CREATE, orchestrator, describe(details), Difference.created(describe(details)));
        return new Provisioned(orchestrator, clientSecret, webhookKey);
    }

    /**
     * @param reader a superadmin
     * @return orchestrators, newest first
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    @Transactional(readOnly = true)
    public Page<Orchestrator> list(UserId reader, PageRequest page) {
        requireMayManage(reader);
        return PageQuery.of(SELECT + "where true").page(jdbc, Orchestrators::orchestrator, NEWEST_FIRST, page);
    }

    /**
     * @param reader a superadmin
     * @return the orchestrator, deprovisioned or not
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws NotFound if there is none of that id
     */
    @Transactional(readOnly = true)
    public Orchestrator get(UserId reader, OrchestratorId id) {
        requireMayManage(reader);
        return find(id).orElseThrow(() -> new NotFound(ENTITY, id.toString()));
    }

    /**
     * Changes an orchestrator's details.
     *
     * @param actor a superadmin
     * @param change maps the current details to the new ones, while they are locked
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws NotFound if there is none of that id
     * @throws Conflict with {@code deprovisioned} if it is
     * @throws InvalidInput if a detail breaks its rule
     */
    public Orchestrator update(UserId actor, OrchestratorId id, UnaryOperator<Details> change) {
        requireMayManage(actor);
        Orchestrator before = jdbc.sql(SELECT + "where o.id = ? for update")
                .param(id.value())
                .query(Orchestrators::orchestrator)
                .optional()
                .orElseThrow(() -> new NotFound(ENTITY, id.toString()));
        if (before.status() == OrchestratorStatus.DEPROVISIONED) {
            throw new Conflict(ErrorCode.DEPROVISIONED, "This orchestrator has been deprovisioned.");
        }
        Details details = change.apply(detailsOf(before));
        validate(details);
        jdbc.sql("""
                        update orchestrators set name = ?, contact_email = ?, url = ?, approval_required = ?
                        where id = ?""")
                .params(
                        details.name(),
                        details.contactEmail(),
                        details.url().orElse(null),
                        details.approvalRequired().orElse(null),
                        id.value())
                .update();
        Orchestrator orchestrator = find(id).orElseThrow();
        record(
                AuditAction.UPDATE,
                orchestrator,
                describe(details),
                new Difference(describe(detailsOf(before)), describe(details)));
        return orchestrator;
    }

    /**
     * Ends an orchestrator's access: its secret and its tokens stop working when this commits. Its tenants stay as they
     * are. Does nothing if that happened already.
     *
     * @param actor a superadmin
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws NotFound if there is none of that id
     */
    public void deprovision(UserId actor, OrchestratorId id) {
        Orchestrator orchestrator = get(actor, id);
        int changed = jdbc.sql("update orchestrators set status = ? where id = ? and status = ?")
                .params(OrchestratorStatus.DEPROVISIONED.wireName(), id.value(), OrchestratorStatus.ACTIVE.wireName())
                .update();
        if (changed == 1) {
            jdbc.sql("delete from orchestrator_tokens where orchestrator_id = ?")
                    .param(id.value())
                    .update();
            record(
                    AuditAction.DEPROVISION,
                    orchestrator,
                    Map.of(),
                    new Difference(
                            Map.of("status", OrchestratorStatus.ACTIVE),
                            Map.of("status", OrchestratorStatus.DEPROVISIONED)));
        }
    }

    /** @return the orchestrator, without an access check */
    @Transactional(readOnly = true)
    public Optional<Orchestrator> find(OrchestratorId id) {
        return jdbc.sql(SELECT + "where o.id = ?")
                .param(id.value())
                .query(Orchestrators::orchestrator)
                .optional();
    }

    /** @return the key that signs webhooks to an orchestrator */
    @Transactional(readOnly = true)
    public String webhookKey(OrchestratorId id) {
        return jdbc.sql("select webhook_key from orchestrators where id = ?")
                .param(id.value())
                .query(String.class)
                .single();
    }

    private void requireMayManage(UserId actor) {
        memberships.require(actor, Scope.PLATFORM, Permission.ORCHESTRATOR_MANAGE);
    }

    private void record(AuditAction action, Orchestrator orchestrator, Map<String, ?> details, Difference difference) {
        audit.record(
                action,
                new AuditSubject(ENTITY, orchestrator.id().toString(), orchestrator.name(), Scope.PLATFORM.toString()),
                details,
                difference);
    }

    private static Details detailsOf(Orchestrator orchestrator) {
        return new Details(
                orchestrator.name(), orchestrator.contactEmail(), orchestrator.url(), orchestrator.approvalRequired());
    }

    private static Map<String, Object> describe(Details details) {
        Map<String, Object> description = new TreeMap<>();
        description.put("name", details.name());
        description.put("contact_email", details.contactEmail());
        description.put("url", details.url().orElse(null));
        description.put("approval_required", details.approvalRequired().orElse(null));
        return description;
    }

    private void validate(Details details) {
        Validation validation = new Validation();
        DisplayName.check(validation, details.name(), "name", DisplayName.MAX_LENGTH);
        validation.check(Emails.isAddress(details.contactEmail()), "contact_email", Emails.RULE);
        details.url().flatMap(webhooks::objection).ifPresent(rule -> validation.check(false, "url", rule));
        validation.done();
    }

    private static Orchestrator orchestrator(ResultSet row, int number) throws SQLException {
        return new Orchestrator(
                new OrchestratorId(row.getObject("id", UUID.class)),
                row.getString("name"),
                row.getString("contact_email"),
                Optional.ofNullable(row.getString("url")),
                row.getString("client_id"),
                OrchestratorStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("last_used_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getObject("approval_required", Boolean.class)));
    }
}
