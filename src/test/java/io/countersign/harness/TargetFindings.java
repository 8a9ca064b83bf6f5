package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.harness.KubernetesApi.Effects;
import io.countersign.harness.Ledger.Client;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import io.countersign.harness.Ledger.Route;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Compares what was decided with what is at the target, and how often it came there. */
final class TargetFindings {

    private final Evidence evidence;
    private final Ledger ledger;
    private final KubernetesApi kubernetes;

    TargetFindings(Evidence evidence) {
        this.evidence = evidence;
        this.ledger = evidence.ledger();
        this.kubernetes = evidence.kubernetes();
    }

    void everyApprovedClusterIsThereOnce() {
        for (Request request : ledger.all(Kind.CLUSTER)) {
            assertThat(kubernetes.effects("clusters/" + World.ORGANIZATION + "/" + request.name))
                    .as(request + ", which was " + request.status())
                    .isEqualTo(request.approved() ? new Effects(1, 0, 0) : Effects.NONE);
        }
        assertThat(evidence.pairs("select name, status from clusters"))
                .as("clusters")
                .isEqualTo(ledger.all(Kind.CLUSTER).stream()
                        .collect(Collectors.toMap(
                                request -> request.name, request -> request.approved() ? "RUNNING" : "REJECTED")));
        assertThat(kubernetes.all("clusters")).as("clusters at the target").hasSize((int)
                ledger.approved(Kind.CLUSTER, "create"));
    }

    void everyRouteIsAsItWasApprovedLast() {
        assertThat(evidence.pairs("select id::text, case when gone then 'gone' else status end from routes"))
                .as("routes")
                .isEqualTo(ledger.routes.stream().collect(Collectors.toMap(route -> route.id, TargetFindings::status)));
        for (Route route : ledger.routes) {
            assertThat(kubernetes.effects(route.object())).as(route.object()).isEqualTo(route.effects());
            assertThat(kubernetes
                            .object(route.object())
                            .map(object -> object.at("/spec/rules/0/backendRefs/0/name")
                                    .asText()))
                    .as("where " + route.object() + " sends requests")
                    .isEqualTo(route.backend());
        }
        assertThat(kubernetes.present("httproutes"))
                .as("routes at the target")
                .containsExactlyInAnyOrderElementsOf(present(route -> true, Route::object));
    }

    void everyPolicyAdmitsExactlyWhoWasApproved() {
        assertThat(evidence.pairs("select id::text, status from attachments"))
                .as("attachments")
                .isEqualTo(ledger.attachments.stream()
                        .collect(Collectors.toMap(attachment -> attachment.id, Ledger.Attachment::status)));
        for (Route route : ledger.routes) {
            assertThat(kubernetes.effects(route.policy())).as(route.policy()).isEqualTo(route.policyEffects());
            kubernetes.object(route.policy()).ifPresent(policy -> {
                assertThat(texts(policy.at("/spec/authorization/rules"), "/principal/headers/0/values/0"))
                        .as("whom " + route.policy() + " admits")
                        .containsExactlyInAnyOrderElementsOf(names(route.attached(), Client::name));
                assertThat(texts(policy.at("/spec/apiKeyAuth/credentialRefs"), "/name"))
                        .as("whose keys " + route.policy() + " knows")
                        .containsExactlyInAnyOrderElementsOf(names(route.attached(), Client::secret));
                assertThat(policy.at("/spec/authorization/defaultAction").asText())
                        .as("whatever else " + route.policy() + " is asked")
                        .isEqualTo("Deny");
            });
        }
        assertThat(kubernetes.present("securitypolicies"))
                .as("policies at the target")
                .containsExactlyInAnyOrderElementsOf(present(route -> route.guarded, Route::policy));
    }

    void everyClientIsThereOnceAndHasItsKey() {
        assertThat(evidence.pairs("select id::text, name from clients where not gone"))
                .as("clients")
                .isEqualTo(ledger.clients.stream().collect(Collectors.toMap(Client::id, Client::name)));
        assertThat(kubernetes.present("secrets"))
                .as("keys at the target")
                .containsAll(ledger.routes.stream()
                        .flatMap(route -> route.attached().stream())
                        .map(Client::object)
                        .collect(Collectors.toSet()))
                .isSubsetOf(ledger.clients.stream().map(Client::object).toList());
    }

    void count(Findings findings) {
        Map<Boolean, List<Request>> carriedOut = ledger.requests().stream()
                .filter(request -> request.kind != Kind.TENANT)
                .collect(Collectors.partitioningBy(Request::approved));
        Map<String, Long> actions = carriedOut.get(true).stream()
                .collect(Collectors.groupingBy(
                        request -> request.kind.wireName() + " " + request.action, Collectors.counting()));
        findings.count(
                "approved changes, each carried out once: " + actions,
                carriedOut.get(true).size());
        findings.count("rejected requests, none deployed", carriedOut.get(false).size());
        findings.count(
                "clients admitted by the policies of "
                        + kubernetes.present("securitypolicies").size() + " routes, exactly those approved",
                ledger.routes.stream()
                        .mapToInt(route -> route.attached().size())
                        .sum());
    }

    private Set<String> present(Predicate<Route> wanted, Function<Route, String> object) {
        return ledger.routes.stream()
                .filter(wanted.and(route -> route.backend().isPresent()))
                .map(object)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String status(Route route) {
        return route.gone() ? "gone" : route.backend().isPresent() ? "active" : "rejected";
    }

    private static List<String> names(Collection<Client> clients, Function<Client, String> name) {
        return clients.stream().map(name).toList();
    }

    private static List<String> texts(JsonNode array, String pointer) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> element.at(pointer).asText())
                .toList();
    }
}
