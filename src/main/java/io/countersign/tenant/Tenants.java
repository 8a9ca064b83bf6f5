package io.countersign.tenant;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.DisplayName;
import io.countersign.api.validation.Validation;
import io.countersign.approval.Approval;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Policy;
import io.countersign.approval.Submission;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import io.countersign.tenant.feature.Feature;
import io.countersign.tenant.orchestrator.Emails;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Registers and shows tenants, and passes the superadmins' actions to the tenant's process, which applies the rules.
 * Opens no transaction around engine commands, which have their own, except to start an instance.
 */
@Component
public class Tenants {

    private static final Pattern TENANT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final int MAX_REASON_LENGTH = 2000;
    private static final String NO_REASON = "No reason given.";

    private final TenantStore store;
    private final TenantProcesses processes;
    private final TenantSettings settings;
    private final Approvals approvals;
    private final Decisions decisions;
    private final Policies policies;
    private final Memberships memberships;
    private final AuditTrail audit;
    private final Clock clock;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Tenants(
            TenantStore store,
            TenantProcesses processes,
            TenantSettings settings,
            Approvals approvals,
            Decisions decisions,
            Policies policies,
            Memberships memberships,
            AuditTrail audit,
            Clock clock,
            JdbcClient jdbc,
            TransactionTemplate transaction) {
        this.store = store;
        this.processes = processes;
        this.settings = settings;
        this.approvals = approvals;
        this.decisions = decisions;
        this.policies = policies;
        this.memberships = memberships;
        this.audit = audit;
        this.clock = clock;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * The outcome of a registration.
     *
     * @param tenant the tenant
     * @param created whether it is new; false if the tenant was registered before and not rejected
     */
    public record Registration(Tenant tenant, boolean created) {}

    /**
     * Registers a tenant: pending, or active immediately if no approval is needed. Registering it again while it is
     * pending, active or suspended changes nothing and returns the existing registration. After a rejection it is a new
     * registration, and the old one stays in the history.
     *
     * @param orchestrator the registering orchestrator
     * @param tenantId its own id for the tenant, 1 to 100 letters, digits, dots, dashes, underscores or colons
     * @param name the tenant's display name
     * @param contactEmail the tenant's contact address
     * @throws InvalidInput if a field breaks its rule
     */
    public Registration register(Orchestrator orchestrator, String tenantId, String name, String contactEmail) {
        validate(tenantId, name, contactEmail);
        return transaction.execute(status -> {
            RegistrationId id = RegistrationId.random();
            if (!store.insert(id, orchestrator, tenantId, name, contactEmail, clock.instant())) {
                Tenant existing = store.findLatest(orchestrator.id(), tenantId).orElseThrow();
                return new Registration(existing, false);
            }
            Approval approval = approvals.submit(new Submission(
                    TenantRequests.TYPE,
                    id.toString(),
                    name,
                    "create",
                    Scope.PLATFORM,
                    Principal.orchestrator(orchestrator.clientId()),
                    new Tenant.Content(name, tenantId, orchestrator.name(), orchestrator.clientId(), contactEmail),
                    Optional.empty(),
                    policy(orchestrator)));
            store.setApproval(id, approval.id());
            processes.start(store.find(id).orElseThrow());
            return new Registration(store.find(id).orElseThrow(), true);
        });
    }

    /**
     * The filters of a list.
     *
     * @param status only this status
     * @param orchestrator only tenants of this orchestrator
     * @param text only those whose name or tenant id contains this, ignoring case
     * @param latestOnly whether to leave out rejected registrations whose tenant was registered again
     */
    public record Query(
            Optional<TenantStatus> status,
            Optional<OrchestratorId> orchestrator,
            Optional<String> text,
            boolean latestOnly) {}

    /**
     * @param reader a superadmin
     * @return registrations, newest first
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    public Page<Tenant> list(UserId reader, Query query, PageRequest page) {
        requireMayView(reader);
        return read(() -> store.list(query, page));
    }

    /**
     * @param reader a superadmin
     * @return the registration
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws NotFound if there is none of that id
     */
    public Tenant get(UserId reader, RegistrationId id) {
        requireMayView(reader);
        return get(id);
    }

    /**
     * @param reader a superadmin
     * @return every registration of the same tenant by the same orchestrator, newest first
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    public List<Tenant> history(UserId reader, Tenant tenant) {
        requireMayView(reader);
        return read(() -> store.history(tenant.orchestrator(), tenant.tenantId()));
    }

    /**
     * @param reader a superadmin
     * @return how many tenants an orchestrator has, each counted once however often it was registered
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    public long count(UserId reader, OrchestratorId orchestrator) {
        requireMayView(reader);
        return jdbc.sql("select count(*) from tenants where orchestrator_id = ? and latest")
                .param(orchestrator.value())
                .query(Long.class)
                .single();
    }

    /**
     * The dashboard's numbers.
     *
     * @param orchestrators orchestrators that are not deprovisioned
     * @param tenants tenants, each counted once however often it was registered
     * @param suricata active tenants with Suricata on
     * @param wireguardIot active tenants with the WireGuard gateway on
     * @param pending tenants that wait for approval
     */
    public record Counts(long orchestrators, long tenants, long suricata, long wireguardIot, long pending) {}

    /**
     * @param reader a superadmin
     * @return the dashboard's numbers
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    public Counts counts(UserId reader) {
        requireMayView(reader);
        return jdbc.sql("""
                        select (select count(*) from orchestrators where status = 'active') as orchestrators,
                               count(*) as tenants,
                               count(*) filter (where status = 'active' and suricata is not false) as suricata,
                               count(*) filter (where status = 'active' and wireguard_iot is not false)
                                   as wireguard_iot,
                               count(*) filter (where status = 'pending_approval') as pending
                        from tenants where latest""").query(Counts.class).single();
    }

    /**
     * Approves a pending tenant's open stage through the one door.
     *
     * @param comment the person's comment, possibly null
     * @return the tenant: active, unless the policy requires further stages
     * @throws Forbidden with the rule's code if a rule about the person refuses
     * @throws Conflict with {@code invalid_transition} unless it is pending
     * @throws NotFound if there is none of that id
     */
    public Tenant approve(UserId actor, RegistrationId id, String comment) {
        return decide(actor, id, TenantEvent.APPROVE, DecisionKind.APPROVE, comment);
    }

    /**
     * Rejects a pending tenant through the one door.
     *
     * @param reason the person's reason; a rejection requires a reason everywhere else, but the page's dialog does not
     *     ask for one, so "No reason given." is recorded if it is missing
     * @return the tenant, rejected
     * @throws Forbidden with the rule's code if a rule about the person refuses
     * @throws Conflict with {@code invalid_transition} unless it is pending
     * @throws NotFound if there is none of that id
     */
    public Tenant reject(UserId actor, RegistrationId id, String reason) {
        return decide(actor, id, TenantEvent.REJECT, DecisionKind.REJECT, isBlank(reason) ? NO_REASON : reason);
    }

    /**
     * Suspends an active tenant. Its features are off from the next sync; nothing is disconnected.
     *
     * @param reason the person's reason, possibly null
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws Conflict with {@code invalid_transition} unless it is active
     * @throws NotFound if there is none of that id
     */
    public Tenant suspend(UserId actor, RegistrationId id, String reason) {
        return change(actor, id, TenantEvent.SUSPEND, reason);
    }

    /**
     * Reactivates a suspended tenant. Its earlier features apply again from the next sync.
     *
     * @param reason the person's reason, possibly null
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws Conflict with {@code invalid_transition} unless it is suspended
     * @throws NotFound if there is none of that id
     */
    public Tenant reactivate(UserId actor, RegistrationId id, String reason) {
        return change(actor, id, TenantEvent.REACTIVATE, reason);
    }

    /**
     * Switches features on or off. Features not named stay as they are; changes to an inactive tenant apply from its
     * activation.
     *
     * @param actor a superadmin
     * @param changes the features to set
     * @throws Forbidden with {@code missing_permission} for anyone else
     * @throws Conflict with {@code rejected} if the tenant is
     * @throws NotFound if there is none of that id
     */
    public Tenant setFeatures(UserId actor, RegistrationId id, Map<Feature, Boolean> changes) {
        memberships.require(actor, Scope.PLATFORM, Permission.TENANT_MANAGE);
        return transaction.execute(status -> {
            Tenant tenant = store.lock(id).orElseThrow(() -> notFound(id));
            if (tenant.status() == TenantStatus.REJECTED) {
                throw new Conflict(ErrorCode.REJECTED, "A rejected tenant has no features.");
            }
            Map<String, Object> details = new TreeMap<>();
            Map<String, Boolean> before = new TreeMap<>();
            Map<String, Boolean> after = new TreeMap<>();
            changes.forEach((feature, enabled) -> {
                store.setFeature(tenant, feature, enabled);
                details.put(feature.wireName(), enabled);
                before.put(feature.wireName(), tenant.features().has(feature));
                after.put(feature.wireName(), enabled);
            });
            if (!details.isEmpty()) {
                details.put("tenant_id", tenant.tenantId());
                audit.record(
                        AuditAction.SET_FEATURES,
                        new AuditSubject("tenant", id.toString(), tenant.name(), Scope.PLATFORM.toString()),
                        details,
                        new Difference(before, after));
            }
            return store.find(id).orElseThrow();
        });
    }

    private Tenant decide(UserId actor, RegistrationId id, TenantEvent event, DecisionKind kind, String comment) {
        memberships.require(actor, Scope.PLATFORM, Permission.TENANT_APPROVE);
        Tenant tenant = get(id);
        TenantLifecycle.TABLE.require(tenant.status(), event);
        Approval approval = approvals.get(tenant.approvalId());
        try {
            decisions.decide(
                    approval.id(),
                    approval.openStage().orElseThrow(() -> outOfStep(id, event)).id(),
                    kind,
                    comment,
                    Optional.empty());
        } catch (Conflict e) {
            // Another person has decided meanwhile: the table explains better what is valid now.
            TenantLifecycle.TABLE.require(get(id).status(), event);
            throw e;
        }
        return get(id);
    }

    private Tenant change(UserId actor, RegistrationId id, TenantEvent event, String reason) {
        memberships.require(actor, Scope.PLATFORM, Permission.TENANT_MANAGE);
        if (reason != null && reason.length() > MAX_REASON_LENGTH) {
            throw new InvalidInput("reason", "must have at most " + MAX_REASON_LENGTH + " characters");
        }
        Tenant tenant = get(id);
        TenantLifecycle.TABLE.require(tenant.status(), event);
        Optional<String> said = isBlank(reason) ? Optional.empty() : Optional.of(reason.strip());
        if (!processes.send(tenant, event, said) && !sendToNewProcess(id, event, said)) {
            throw outOfStep(id, event);
        }
        return get(id);
    }

    /**
     * Uses a new instance of the lifecycle if an administrator ended the tenant's own: a tenant must not stay active
     * because its process is gone. The tenant's row is locked meanwhile, so only the first of several people starts an
     * instance.
     *
     * @return whether it was done
     */
    private boolean sendToNewProcess(RegistrationId id, TenantEvent event, Optional<String> reason) {
        return transaction.execute(status -> {
            Tenant tenant = store.lock(id).orElseThrow(() -> notFound(id));
            TenantLifecycle.TABLE.require(tenant.status(), event);
            Optional<String> started = processes.startAgain(tenant, event);
            started.ifPresent(instance -> store.replaceProcess(tenant, instance));
            return started.isPresent() && processes.send(store.find(id).orElseThrow(), event, reason);
        });
    }

    /** The process does not wait for the event: another person was faster, or an administrator moved it manually. */
    private Conflict outOfStep(RegistrationId id, TenantEvent event) {
        TenantLifecycle.TABLE.require(get(id).status(), event);
        return new Conflict(
                ErrorCode.PROCESS_OUT_OF_STEP,
                "The tenant's process is not waiting for this; an administrator must check it in Cockpit.");
    }

    private Policy policy(Orchestrator orchestrator) {
        boolean needed =
                orchestrator.approvalRequired().orElseGet(() -> settings.read().approvalRequired());
        return needed ? policies.of(Scope.PLATFORM, TenantRequests.TYPE, "create") : Policy.NONE;
    }

    private Tenant get(RegistrationId id) {
        return read(() -> store.find(id).orElseThrow(() -> notFound(id)));
    }

    private <T> T read(Supplier<T> query) {
        return transaction.execute(status -> query.get());
    }

    private void requireMayView(UserId reader) {
        memberships.require(reader, Scope.PLATFORM, Permission.TENANT_VIEW);
    }

    private static void validate(String tenantId, String name, String contactEmail) {
        Validation validation = new Validation();
        validation.check(
                tenantId != null && TENANT_ID.matcher(tenantId).matches(),
                "tenant_id",
                "must be 1 to 100 letters, digits, dots, dashes, underscores or colons, starting with a letter or digit");
        DisplayName.check(validation, name, "name", DisplayName.MAX_LENGTH);
        validation.check(Emails.isAddress(contactEmail), "contact_email", Emails.RULE);
        validation.done();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    private static NotFound notFound(RegistrationId id) {
        return new NotFound("tenant", id.toString());
    }
}
