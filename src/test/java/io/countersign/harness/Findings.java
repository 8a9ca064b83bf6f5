package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.harness.Ledger.Decision;
import io.countersign.harness.Ledger.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Compares what clients were told with what is recorded, and counts. */
final class Findings {

    private static final Duration SETTLING = Duration.ofSeconds(90);

    private final Evidence evidence;
    private final Ledger ledger;
    private final List<String> counts = new ArrayList<>();

    Findings(Evidence evidence) {
        this.evidence = evidence;
        this.ledger = evidence.ledger();
    }

    /** Waits until the engine has nothing left to do, and nothing gave up. */
    void awaitSilence() {
        Awaitility.await("jobs are done")
                .atMost(SETTLING)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    assertThat(evidence.database().sql("""
                                            select type_ || ' ' || retries_ || ' ' || coalesce(exception_msg_, '')
                                                   || ' locked by ' || coalesce(lock_owner_, 'nobody')
                                            from act_ru_job where process_instance_id_ is not null""").query(String.class).list())
                            .isEmpty();
                    assertThat(evidence.number("select count(*) from notification_deliveries where status = 'queued'"))
                            .as("mails that wait")
                            .isZero();
                });
        assertThat(evidence.number("select count(*) from act_ru_incident"))
                .as("incidents")
                .isZero();
        assertThat(evidence.pairs("""
                        select d.key_, count(*)::text
                        from act_ru_execution e join act_re_procdef d on d.id_ = e.proc_def_id_
                        where e.parent_id_ is null group by d.key_""")).as("processes that still run").isEqualTo(lastingProcesses());
    }

    /** A tenant's process lasts until it is rejected, and its approval until somebody decides. */
    private Map<String, String> lastingProcesses() {
        List<String> statuses = ledger.tenants.values().stream()
                .flatMap(tenant -> tenant.registrations.stream())
                .map(Ledger.Registration::status)
                .filter(status -> !status.equals("rejected"))
                .toList();
        long pending = statuses.stream().filter("pending_approval"::equals).count();
        Map<String, String> lasting = new LinkedHashMap<>();
        lasting.put("tenant-lifecycle", Integer.toString(statuses.size()));
        lasting.put("approval-stages", Long.toString(pending));
        lasting.values().removeIf("0"::equals);
        return lasting;
    }

    void everyRequestIsThereOnce() {
        Map<String, String> stored = evidence.pairs("""
                select a.id::text, concat_ws(' ', a.action, a.entity_type, a.entity_name, 'by',
                                             coalesce(o.name, a.submitter), 'is', a.status)
                from approvals a left join orchestrators o on o.client_id = a.submitter""");
        Map<String, String> told = ledger.requests().stream()
                .collect(Collectors.toMap(
                        request -> request.approval,
                        request -> request + " by " + request.submitter + " is " + request.status()));
        assertThat(stored).as("approvals").isEqualTo(told);
        assertThat(evidence.lists("""
                        select details ->> 'approval_id', details ->> 'request' from audit_entries
                        where action = 'submit'"""))
                .as("submissions in the audit trail")
                .isEqualTo(ledger.requests().stream()
                        .collect(Collectors.toMap(request -> request.approval, request -> List.of(request.action))));
        assertThat(evidence.number("select count(*) from clusters"))
                .as("clusters")
                .isEqualTo(ledger.all(Kind.CLUSTER).size());
        Map<String, Long> kinds = ledger.requests().stream()
                .collect(Collectors.groupingBy(request -> request.kind.wireName(), Collectors.counting()));
        count("requests accepted, stored once and in the trail once: " + kinds, told.size());
    }

    void everyDecisionIsThereOnce() {
        Map<String, Set<Decision>> stored = evidence
                .database()
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
        int decisions = told.values().stream().mapToInt(Set::size).sum();
        assertThat(evidence.number("select count(*) from approval_decisions")).isEqualTo(decisions);
        Map<String, Long> trail = evidence.database().sql("""
                        select concat_ws(' ', details ->> 'approval_id', details ->> 'stage', actor, action)
                        from audit_entries where action in ('approve', 'reject')""").query(String.class).list().stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(trail)
                .as("decisions in the audit trail")
                .isEqualTo(ledger.requests().stream()
                        .flatMap(request -> request.decisions.stream()
                                .map(decision -> request.approval + " "
                                        + decision.stage() + " " + decision.person() + " "
                                        + (decision.approved() ? "approve" : "reject")))
                        .collect(Collectors.toMap(Function.identity(), entry -> 1L)));
        count("decisions accepted, stored once and in the trail once", decisions);
    }

    /** @return where the trail's chain ends, as a node finds it after looking at every entry */
    String newestHash() {
        return evidence.caller()
                .get(Node.ADMINISTRATOR, "/api/v1/audit/verification")
                .expect(200)
                .at("/newest_hash");
    }

    /** @param anchor a hash that was noted outside before */
    void theTrailIsIntact(String anchor) {
        Caller.Answer answer = evidence.caller()
                .post(
                        Node.ADMINISTRATOR,
                        "/api/v1/audit/verification",
                        Map.of("anchors", List.of(Map.of("sequence", 0, "hash", anchor))))
                .expect(200);
        assertThat(answer.at("/finding/explanation")).as("verification").isEmpty();
        assertThat(answer.at("/anchors_met")).as("anchors met").isEqualTo("1");
        int entries = evidence.number("select count(*) from audit_entries");
        assertThat(answer.at("/checked")).as("entries in the chain").isEqualTo(Integer.toString(entries));
        count("entries in the audit trail, its hash chain intact", entries);
    }

    /** @return the counts, for people */
    String report() {
        return String.join(System.lineSeparator(), counts);
    }

    void count(String what, long number) {
        counts.add("%8d  %s".formatted(number, what));
    }
}
