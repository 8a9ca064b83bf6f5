package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import io.countersign.harness.MailServer.Mail;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what people were to be told with the mails that arrived. */
final class MailFindings {

    /** A mail that was taken so shortly before a SIGKILL may come twice, with the same Message-ID. */
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final Evidence evidence;
    private final Ledger ledger;
    private int unasked;

    MailFindings(Evidence evidence) {
        this.evidence = evidence;
        this.ledger = evidence.ledger();
    }

    /** Nothing was queued that nobody should be told, nothing is missing, and nobody is told the same twice. */
    void everyMailWasQueuedOnce() {
        Map<String, List<String>> queued =
                evidence.lists("select key, user_id from notification_deliveries order by user_id");
        Set<String> explained = new HashSet<>();
        unasked = 0;
        for (Request request : ledger.requests()) {
            String key = "approval:" + request.approval + ":";
            for (int stage = 1; stage <= 2; stage++) {
                List<String> asked = queued.getOrDefault(key + "stage:" + stage, List.of());
                // A stage that was decided before anybody could be asked needs no mail.
                if (request.decided(stage) && asked.isEmpty()) {
                    unasked++;
                } else {
                    assertThat(asked)
                            .as("who was asked to decide stage " + stage + " of " + request)
                            .containsExactlyInAnyOrderElementsOf(
                                    request.opened(stage) ? World.approvers(request, stage) : Set.of());
                }
                explained.add(key + "stage:" + stage);
            }
            // An orchestrator has no mailbox, and what needs no decision is no news.
            boolean told = request.kind != Kind.TENANT && !request.decisions.isEmpty();
            assertThat(queued.getOrDefault(key + request.status(), List.of()))
                    .as("who was told that " + request + " was " + request.status())
                    .isEqualTo(told ? List.of(request.submitter) : List.of());
            explained.add(key + request.status());
        }
        assertThat(queued.keySet().stream()
                        .filter(key -> !explained.contains(key))
                        .filter(key -> !key.startsWith("cluster:") && !key.startsWith("route:")))
                .as("mails without a reason")
                .isEmpty();
        everyDeploymentWasToldOnce();
    }

    private void everyDeploymentWasToldOnce() {
        Map<String, Map<String, Long>> news = evidence
                .database()
                .sql("""
                        select subject, user_id from notification_deliveries
                        where key like 'cluster:%' or key like 'route:%'""")
                .query((row, n) -> Map.entry(row.getString("subject"), row.getString("user_id")))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.groupingBy(Map.Entry::getValue, Collectors.counting())));
        Map<String, Map<String, Long>> expected = new HashMap<>();
        for (Request request : ledger.all(Kind.CLUSTER)) {
            if (request.approved()) {
                Set<String> people = new HashSet<>(Set.of(Node.ADMINISTRATOR, World.OWNER, World.OTHER_OWNER));
                people.add(request.submitter);
                expected.put(
                        "Cluster " + request.name + " is running",
                        people.stream().collect(Collectors.toMap(person -> person, person -> 1L)));
            }
        }
        Map<String, List<String>> trail = evidence.lists("""
                select entity_id, action from audit_entries
                where entity_type = 'route' and action in ('activate', 'remove')""");
        for (Ledger.Route route : ledger.routes) {
            List<String> done = trail.getOrDefault(route.id, List.of());
            long activations = Collections.frequency(done, "activate");
            // A client that got no answer deploys once more.
            assertThat(activations)
                    .as("deployments of route " + route.name)
                    .isGreaterThanOrEqualTo(route.deployments());
            assertThat(Collections.frequency(done, "remove"))
                    .as("removals of route " + route.name)
                    .isEqualTo(route.gone() ? 1 : 0);
            String subject = "Route " + World.DOMAIN + "/" + route.name;
            if (activations > 0) {
                expected.put(subject + " is active", Map.of(World.EDITOR, activations, World.LEAD, activations));
            }
            if (route.gone()) {
                expected.put(subject + " is deleted", Map.of(World.EDITOR, 1L, World.LEAD, 1L));
            }
        }
        assertThat(news).as("news of deployments").isEqualTo(expected);
    }

    /** @param kills when nodes were killed */
    void everyMailCameOnce(List<Instant> kills) {
        Map<String, String> queued =
                new HashMap<>(evidence.pairs("select id::text, status from notification_deliveries"));
        queued.putAll(evidence.pairs("select id::text, status from tenant_notices where kind = 'mail'"));
        Map<String, List<Mail>> arrived = evidence.mailsByDelivery();
        assertThat(queued.values()).as("deliveries").doesNotContain("queued");
        assertThat(queued.keySet()).as("mails that nobody queued").containsAll(arrived.keySet());
        queued.forEach((delivery, status) -> {
            if (status.equals("sent")) {
                assertThat(arrived).as("mails").containsKey(delivery);
            } else if (arrived.containsKey(delivery)) {
                handedOverByADyingNode("arrived and was then dropped", arrived.get(delivery), kills);
            }
        });
        twice().forEach(copies -> handedOverByADyingNode("came twice", copies, kills));
        assertThat(evidence.number("select count(*) from delivery_handovers"))
                .as("attempts left")
                .isZero();
    }

    /** Of what it did in its last moment nobody knows. */
    private static void handedOverByADyingNode(String what, List<Mail> copies, List<Instant> kills) {
        Instant first =
                copies.stream().map(Mail::at).min(Comparator.naturalOrder()).orElseThrow();
        assertThat(kills)
                .as("a node was killed when it had just handed over a mail that " + what + ": " + copies)
                .anyMatch(kill -> Duration.between(first, kill).abs().compareTo(WINDOW) < 0);
    }

    void count(Findings findings) {
        findings.count("mails sent", evidence.mailsByDelivery().size());
        findings.count("stages decided before anybody could be asked", unasked);
        findings.count(
                "mails not sent because the stage was decided before",
                evidence.number("select count(*) from notification_deliveries where status = 'dropped'"));
        findings.count("mails with a second copy (same Message-ID; a node was killed meanwhile)", twice().size());
    }

    private List<List<Mail>> twice() {
        return evidence.mailsByDelivery().values().stream()
                .filter(copies -> copies.size() > 1)
                .toList();
    }
}
