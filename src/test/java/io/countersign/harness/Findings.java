package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.harness.Ledger.Decision;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import io.countersign.harness.MailServer.Mail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Compares what clients were told with what is in the database, at the target and in mailboxes, and counts. */
final class Findings {

    private static final Duration SETTLING = Duration.ofSeconds(90);

    /** A mail that was taken so shortly before a SIGKILL may come twice, with the same Message-ID. */
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final JdbcClient database;
    private final MailServer mail;
    private final KubernetesApi kubernetes;
    private final List<String> counts = new ArrayList<>();

    Findings(Ledger ledger, Database database, MailServer mail, KubernetesApi kubernetes) {
        this.ledger = ledger;
        this.database = database.look();
        this.mail = mail;
        this.kubernetes = kubernetes;
    }

    /** Waits until the engine has nothing left to do, and nothing gave up. */
    void awaitSilence() {
        Awaitility.await("jobs are done")
                .atMost(SETTLING)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    assertThat(database.sql(
                                            "select type_ || ' ' || retries_ || ' ' || coalesce(exception_msg_, '') || ' locked by '"
                                                    + " || coalesce(lock_owner_, 'nobody') from act_ru_job"
                                                    + " where process_instance_id_ is not null")
                                    .query(String.class)
                                    .list())
                            .isEmpty();
                    assertThat(number("select count(*) from notification_deliveries where status = 'queued'"))
                            .as("mails that wait")
                            .isZero();
                });
        assertThat(number("select count(*) from act_ru_incident"))
                .as("incidents")
                .isZero();
        assertThat(number("select count(*) from act_ru_execution"))
                .as("processes that still run")
                .isZero();
    }

    void everyRequestIsThereOnce() {
        Map<String, Long> stored = database
                .sql("select id::text as id, entity_name as name from approvals")
                .query((row, n) -> row.getString("id"))
                .list()
                .stream()
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        assertThat(stored.keySet())
                .as("approvals")
                .isEqualTo(ledger.requests().stream()
                        .map(request -> request.approval)
                        .collect(Collectors.toSet()));
        assertThat(number("select count(*) from clusters"))
                .as("clusters")
                .isEqualTo(ledger.all(Kind.CLUSTER).size());
        assertThat(number("select count(*) from routes"))
                .as("routes")
                .isEqualTo(ledger.all(Kind.ROUTE).size());
        count("requests accepted, and stored once", ledger.requests().size());
    }

    void everyDecisionIsThereOnce() {
        Map<String, Set<Decision>> stored = database
                .sql("""
                        select s.approval_id::text as approval, s.stage_order, d.decided_by, d.verdict
                        from approval_decisions d join approval_stages s on s.id = d.stage_id""")
                .query((row, n) -> Map.entry(
                        row.getString("approval"),
                        new Decision(
                                row.getInt("stage_order"),
                                row.getString("decided_by"),
                                row.getString("verdict").equals("approve"))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
        Map<String, Set<Decision>> told = ledger.requests().stream()
                .filter(request -> !request.decisions.isEmpty())
                .collect(Collectors.toMap(request -> request.approval, request -> Set.copyOf(request.decisions)));
        assertThat(stored).as("decisions").isEqualTo(told);
        long decisions = told.values().stream().mapToLong(Set::size).sum();
        assertThat(number("select count(*) from approval_decisions")).isEqualTo(decisions);
        assertThat(number("""
                        select count(*) from audit_entries
                        where action in ('approve', 'reject') and entity_type in ('cluster', 'route')""")).as("decisions in the audit trail").isEqualTo(decisions);
        count("decisions accepted, stored once and in the trail once", decisions);
    }

    void everyApprovedChangeWasCarriedOutOnce() {
        int carriedOut = 0;
        int rejected = 0;
        for (Request request : ledger.requests()) {
            KubernetesApi.Effects effects = kubernetes.effects(request.object());
            if (request.rejected()) {
                assertThat(effects)
                        .as(request.name + ", which was rejected")
                        .isEqualTo(new KubernetesApi.Effects(0, 0, 0));
                rejected++;
            } else {
                assertThat(effects)
                        .as(request.name + ", which was approved")
                        .isEqualTo(new KubernetesApi.Effects(1, 0, 0));
                carriedOut++;
            }
        }
        assertThat(kubernetes.all("clusters").size()
                        + kubernetes.all("httproutes").size())
                .as("objects at the target")
                .isEqualTo(carriedOut);
        assertThat(number("select count(*) from clusters where status = 'RUNNING'")
                        + number("select count(*) from routes where status = 'active'"))
                .isEqualTo(carriedOut);
        count("approved changes, each carried out once", carriedOut);
        count("rejected requests, none deployed", rejected);
    }

    /** @param kills when nodes were killed */
    void everyMailCameOnce(List<Instant> kills) {
        Map<String, String> deliveries = database
                .sql("select id::text as id, status from notification_deliveries")
                .query((row, n) -> Map.entry(row.getString("id"), row.getString("status")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, List<Mail>> arrived = mail.byId().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().substring(1, entry.getKey().indexOf('@')), Map.Entry::getValue));
        assertThat(deliveries.values()).as("deliveries").doesNotContain("queued");
        assertThat(deliveries.keySet()).as("mails that nobody queued").containsAll(arrived.keySet());
        deliveries.forEach((delivery, status) -> {
            if (status.equals("sent")) {
                assertThat(arrived).as("mails").containsKey(delivery);
            }
        });
        List<List<Mail>> twice =
                arrived.values().stream().filter(copies -> copies.size() > 1).toList();
        for (List<Mail> copies : twice) {
            Instant first =
                    copies.stream().map(Mail::at).min(Comparator.naturalOrder()).orElseThrow();
            assertThat(kills)
                    .as("a node was killed when it had just handed over a mail that came twice: " + copies)
                    .anyMatch(kill -> Duration.between(first, kill).abs().compareTo(WINDOW) < 0);
        }
        assertThat(number("select count(*) from delivery_handovers"))
                .as("handovers left")
                .isZero();
        expectedMailsWereQueued();
        count("mails sent", arrived.size());
        count("mails not sent because the stage was decided before", deliveries.size() - arrived.size());
        count("mails with a second copy (same Message-ID; a node was killed meanwhile)", twice.size());
    }

    private void expectedMailsWereQueued() {
        assertThat(
                        number(
                                "select count(*) from notification_deliveries where key like 'approval:%:approved' or key like 'approval:%:rejected'"))
                .as("outcomes told to submitters")
                .isEqualTo(ledger.requests().stream()
                        .filter(request -> !request.decisions.isEmpty())
                        .count());
        Map<String, Long> subjects = mail.mails().stream()
                .collect(Collectors.groupingBy(
                        one -> one.recipient() + " " + one.subject() + " " + one.id(), Collectors.counting()));
        Map<String, Long> distinct = subjects.keySet().stream()
                .collect(Collectors.groupingBy(key -> key.substring(0, key.lastIndexOf(' ')), Collectors.counting()));
        assertThat(distinct.values().stream().filter(times -> times > 2).toList())
                .as("the same news under different Message-IDs, more often than there are stages")
                .isEmpty();
    }

    /** @return the counts, for people */
    String report() {
        return String.join(System.lineSeparator(), counts);
    }

    void count(String what, long number) {
        counts.add("%8d  %s".formatted(number, what));
    }

    private int number(String sql) {
        return database.sql(sql).query(Integer.class).single();
    }
}
