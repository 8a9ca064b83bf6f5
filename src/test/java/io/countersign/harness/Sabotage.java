package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.harness.KubernetesApi.Effects;
import io.countersign.harness.Ledger.Route;
import io.countersign.harness.Ledger.Tenant;
import io.countersign.harness.MailServer.Mail;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Breaks one thing after the other, sees that the finding about it fails, and puts it back. */
final class Sabotage {

    /** Without triggers: neither references nor the trail's protection are in the way. */
    private static final String NO_TRIGGERS = "set session_replication_role = replica";

    private static final String ENTRY_COLUMNS =
            "at, actor, action, entity_type, entity_id, entity_name, scope, origin, details";

    private final Evidence evidence;
    private final Database database;
    private final SyncWatch watch;

    Sabotage(Evidence evidence, Database database, SyncWatch watch) {
        this.evidence = evidence;
        this.database = database;
        this.watch = watch;
    }

    void everythingIsFound(String anchor, List<Instant> kills) throws SQLException {
        requestsAndDecisions();
        clustersAndRoutes();
        policies();
        tenants();
        syncs();
        mails(kills);
        trail(anchor);
    }

    private void requestsAndDecisions() throws SQLException {
        Consumer<Evidence> requests = broken -> new Findings(broken).everyRequestIsThereOnce();
        broken("delete from approvals where " + one("approvals", "true"), requests);
        broken("update approvals set status = 'approved' where " + one("approvals", "status = 'rejected'"), requests);
        broken(copyOfEntry("action = 'submit'"), requests);
        Consumer<Evidence> decisions = broken -> new Findings(broken).everyDecisionIsThereOnce();
        broken("delete from approval_decisions where " + one("approval_decisions", "true"), decisions);
        broken(
                "update approval_decisions set decided_by = 'owner2' where "
                        + one("approval_decisions", "decided_by = 'lead'"),
                decisions);
        broken(copyOfEntry("action = 'reject' and entity_type = 'client_attachment'"), decisions);
        broken("delete from audit_entries where " + one("audit_entries", "action = 'approve'"), decisions);
    }

    private void clustersAndRoutes() throws SQLException {
        Consumer<Evidence> clusters = broken -> new TargetFindings(broken).everyApprovedClusterIsThereOnce();
        broken("update clusters set status = 'RUNNING' where " + one("clusters", "status = 'REJECTED'"), clusters);
        String cluster = evidence.kubernetes().present("clusters").get(0);
        brokenAtTarget(cluster, content(cluster), new Effects(2, 0, 0), clusters);
        String stranger = "clusters/" + World.ORGANIZATION + "/stranger";
        brokenAtTarget(stranger, content(cluster), new Effects(1, 0, 0), clusters);

        Consumer<Evidence> routes = broken -> new TargetFindings(broken).everyRouteIsAsItWasApprovedLast();
        broken("update routes set status = 'active' where " + one("routes", "status = 'rejected'"), routes);
        broken("update routes set gone = false where " + one("routes", "gone"), routes);
        Route route = live();
        ObjectNode elsewhere = content(route.object());
        ((ObjectNode) elsewhere.at("/spec/rules/0/backendRefs/0")).put("name", "rejected");
        brokenAtTarget(route.object(), elsewhere, route.effects(), routes);
        brokenAtTarget(route.object(), null, route.effects(), routes);
        brokenAtTarget(route.object(), content(route.object()), route.effects().changed(), routes);
        Route rejected = evidence.ledger().routes.stream()
                .filter(one -> one.effects().equals(Effects.NONE))
                .findFirst()
                .orElseThrow();
        brokenAtTarget(
                rejected.object(), content(route.object()), rejected.effects().created(), routes);
    }

    private void policies() throws SQLException {
        Consumer<Evidence> policies = broken -> new TargetFindings(broken).everyPolicyAdmitsExactlyWhoWasApproved();
        broken(
                "update attachments set status = 'removed' where " + one("attachments", "status = 'rejected'"),
                policies);
        broken("delete from attachments where " + one("attachments", "status = 'active'"), policies);
        Route route = live();
        ObjectNode wider = content(route.policy());
        ((ObjectNode) wider.at("/spec/authorization"))
                .withArray("rules")
                .addObject()
                .putObject("principal")
                .putArray("headers")
                .addObject()
                .putArray("values")
                .add("rejected");
        brokenAtTarget(route.policy(), wider, route.policyEffects(), policies);
        ObjectNode open = content(route.policy());
        ((ObjectNode) open.at("/spec/authorization")).put("defaultAction", "Allow");
        brokenAtTarget(route.policy(), open, route.policyEffects(), policies);
        ObjectNode anyKey = content(route.policy());
        ((ObjectNode) anyKey.get("spec"))
                .withObject("/apiKeyAuth")
                .withArray("credentialRefs")
                .addObject()
                .put("name", "client.rejected");
        brokenAtTarget(route.policy(), anyKey, route.policyEffects(), policies);
        brokenAtTarget(route.policy(), null, route.policyEffects(), policies);
        brokenAtTarget(
                route.policy(), content(route.policy()), route.policyEffects().changed(), policies);
        Consumer<Evidence> clients = broken -> new TargetFindings(broken).everyClientIsThereOnceAndHasItsKey();
        broken("delete from clients where " + one("clients", "true"), clients);
        String key = evidence.ledger().routes.stream()
                .flatMap(attachedTo -> attachedTo.attached().stream())
                .findFirst()
                .orElseThrow()
                .object();
        brokenAtTarget(key, null, Effects.NONE, clients);
    }

    private void tenants() throws SQLException {
        Consumer<Evidence> tenants = broken -> new TenantFindings(broken).everyTenantIsAsItWasTold();
        broken("update tenants set status = 'suspended' where " + one("tenants", "status = 'active'"), tenants);
        broken("delete from tenants where " + one("tenants", "status = 'rejected'"), tenants);
        Consumer<Evidence> trail = broken -> new TenantFindings(broken).everyTransitionIsInTheTrailOnce();
        broken(copyOfEntry("action = 'activate' and entity_type = 'tenant'"), trail);
        broken("delete from audit_entries where " + one("audit_entries", "action = 'suspend'"), trail);
        Consumer<Evidence> contacts = broken -> new TenantFindings(broken).everyContactWasToldOnce();
        broken("delete from tenant_notices where " + one("tenant_notices", "true"), contacts);
        Mail notice = evidence.mails().stream()
                .filter(mail -> mail.recipient().endsWith("@example.net"))
                .findFirst()
                .orElseThrow();
        contacts.accept(evidence);
        brokenMails(without(notice), contacts);
        brokenMails(with(again("<another@example.com>", notice)), contacts);
    }

    private void syncs() throws SQLException {
        Tenant tenant = evidence.ledger().tenants.values().stream()
                .filter(one -> one.latest().status().equals("active"))
                .findFirst()
                .orElseThrow();
        Map<Tenant, Integer> known =
                evidence.ledger().tenants.values().stream().collect(Collectors.toMap(one -> one, Tenant::known));
        Map<String, String> answer = SyncWatch.statuses(evidence.caller()
                .get(World.ORCHESTRATOR, World.SYNC)
                .expect(200)
                .body());
        assertThat(watch.differences(answer, known)).isEmpty();
        Map<String, String> partial = new HashMap<>(answer);
        partial.remove(tenant.tenantId);
        assertThat(watch.differences(partial, known)).hasSize(1);
        Map<String, String> old = new HashMap<>(answer);
        old.put(tenant.tenantId, "pending_approval");
        assertThat(watch.differences(old, known)).hasSize(1);
        Map<String, String> another = new HashMap<>(answer);
        another.put("stranger", "active");
        assertThat(watch.differences(another, known)).hasSize(1);

        // What nodes answer follows only what is committed.
        String set = "update tenants set status = '%s' where id = '" + tenant.latest().id + "'";
        run(set.formatted("suspended"));
        try {
            reports(() -> new TenantFindings(evidence).everySyncTellsEveryTenant(), set);
        } finally {
            run(set.formatted("active"));
        }
        new TenantFindings(evidence).everySyncTellsEveryTenant();
    }

    private void mails(List<Instant> kills) throws SQLException {
        Consumer<Evidence> queued = broken -> new MailFindings(broken).everyMailWasQueuedOnce();
        for (String key : List.of("approval:%:stage:2", "approval:%:rejected", "route:%", "cluster:%")) {
            broken("delete from notification_deliveries where " + one("notification_deliveries", like(key)), queued);
            broken(
                    "update notification_deliveries set user_id = 'stranger' where "
                            + one("notification_deliveries", like(key)),
                    queued);
        }
        broken(
                "update notification_deliveries set key = 'comment' where "
                        + one("notification_deliveries", like("approval:%:approved")),
                queued);
        Consumer<Evidence> once = broken -> new MailFindings(broken).everyMailCameOnce(kills);
        Mail mail = evidence.mails().get(0);
        brokenMails(without(mail), once);
        brokenMails(with(again(mail.id(), mail)), once);
        brokenMails(with(again("<another@example.com>", mail)), once);
        broken("insert into delivery_handovers values (gen_random_uuid(), 'nobody', now())", once);
    }

    /** Nodes look at what is committed. */
    private void trail(String anchor) throws SQLException {
        String change = "update audit_entries set actor = '%s' where " + one("audit_entries", "action = 'suspend'");
        run(NO_TRIGGERS, change.formatted("somebody"));
        try {
            reports(() -> new Findings(evidence).theTrailIsIntact(anchor), change);
        } finally {
            run(NO_TRIGGERS, change.formatted(Node.ADMINISTRATOR));
        }
        new Findings(evidence).theTrailIsIntact(anchor);
        reports(() -> new Findings(evidence).theTrailIsIntact("f".repeat(64)), "an anchor of another trail");
    }

    /** Breaks something in a transaction that nobody else sees, and rolls it back. */
    private void broken(String sql, Consumer<Evidence> finding) throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(NO_TRIGGERS);
                assertThat(statement.executeUpdate(sql)).as(sql).isEqualTo(1);
                JdbcClient look = JdbcClient.create(new SingleConnectionDataSource(connection, true));
                reports(
                        () -> finding.accept(new Evidence(
                                evidence.ledger(), look, evidence.mails(), evidence.kubernetes(), evidence.caller())),
                        sql);
            } finally {
                connection.rollback();
            }
        }
    }

    private void brokenAtTarget(String object, ObjectNode content, Effects happened, Consumer<Evidence> finding) {
        Runnable back = evidence.kubernetes().pretend(object, content, happened);
        try {
            reports(() -> finding.accept(evidence), object + " is " + content + " " + happened);
        } finally {
            back.run();
        }
        finding.accept(evidence);
    }

    private void brokenMails(List<Mail> mails, Consumer<Evidence> finding) {
        reports(
                () -> finding.accept(new Evidence(
                        evidence.ledger(), evidence.database(), mails, evidence.kubernetes(), evidence.caller())),
                mails.size() + " mails instead of " + evidence.mails().size());
    }

    private static void reports(Runnable finding, String sabotage) {
        assertThatThrownBy(finding::run).as(sabotage).isInstanceOf(AssertionError.class);
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url() + "&currentSchema=public,countersign");
    }

    private Route live() {
        return evidence.ledger().routes.stream()
                .filter(route -> route.guarded && route.backend().isPresent())
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode content(String object) {
        return evidence.kubernetes().object(object).orElseThrow().deepCopy();
    }

    private List<Mail> without(Mail mail) {
        return evidence.mails().stream().filter(one -> !one.equals(mail)).toList();
    }

    private List<Mail> with(Mail mail) {
        List<Mail> mails = new ArrayList<>(evidence.mails());
        mails.add(mail);
        return mails;
    }

    /** The same news once more, from before any node was killed. */
    private static Mail again(String id, Mail mail) {
        return new Mail(id, mail.recipient(), mail.subject(), mail.at());
    }

    private static String one(String table, String where) {
        return "id = (select id from " + table + " where " + where + " order by id limit 1)";
    }

    private static String like(String key) {
        return "key like '" + key + "'";
    }

    private static String copyOfEntry(String where) {
        return "insert into audit_entries (" + ENTRY_COLUMNS + ") select " + ENTRY_COLUMNS
                + " from audit_entries where " + where + " order by id limit 1";
    }
}
