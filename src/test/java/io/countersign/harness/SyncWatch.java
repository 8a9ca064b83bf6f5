package io.countersign.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.harness.Ledger.Tenant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * An orchestrator that polls the nodes in turn, whatever state they are in, and believes what it is told: an answer
 * holds every tenant as it was when the call began, or later, and an error looks like nothing else.
 */
final class SyncWatch {

    static final Duration PAUSE = Duration.ofMillis(150);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Node> nodes;
    private final Caller caller;
    private final Ledger ledger;
    private int turn;
    private Optional<String> etag = Optional.empty();
    private String body;

    final AtomicInteger whole = new AtomicInteger();
    final AtomicInteger unchanged = new AtomicInteger();
    final AtomicInteger errors = new AtomicInteger();
    final List<String> wrong = new CopyOnWriteArrayList<>();

    SyncWatch(List<Node> nodes, Caller caller, Ledger ledger) {
        this.nodes = nodes;
        this.caller = caller;
        this.ledger = ledger;
    }

    /** Polls once, every other time with the tag of the last answer. */
    void look() {
        Node node = nodes.get(turn % nodes.size());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + World.SYNC))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + caller.token(World.ORCHESTRATOR));
        if (turn++ / nodes.size() % 2 == 1) {
            etag.ifPresent(tag -> request.header("If-None-Match", tag));
        }
        Map<Tenant, Integer> known =
                ledger.tenants.values().stream().collect(Collectors.toMap(tenant -> tenant, Tenant::known));
        try {
            judge(http.send(request.build(), HttpResponse.BodyHandlers.ofString()), known);
        } catch (IOException e) {
            errors.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void judge(HttpResponse<String> answer, Map<Tenant, Integer> known) {
        boolean problem = answer.headers()
                .firstValue("Content-Type")
                .filter("application/problem+json"::equals)
                .isPresent();
        switch (answer.statusCode()) {
            case 200 -> {
                whole.incrementAndGet();
                etag = answer.headers().firstValue("ETag");
                body = answer.body();
                compare(body, known);
            }
            case 304 -> {
                unchanged.incrementAndGet();
                compare(body, known);
            }
            case 503 -> {
                errors.incrementAndGet();
                if (!problem || answer.headers().firstValue("Retry-After").isEmpty()) {
                    wrong.add("An error that does not look like one: " + answer.headers() + " " + answer.body());
                }
            }
            default -> wrong.add(answer.statusCode() + " " + answer.body());
        }
    }

    private void compare(String answered, Map<Tenant, Integer> known) {
        try {
            wrong.addAll(differences(statuses(JSON.readTree(answered)), known));
        } catch (IOException e) {
            wrong.add("Not JSON: " + answered);
        }
    }

    /** @return what an answer says that cannot be, and what it leaves out */
    List<String> differences(Map<String, String> answered, Map<Tenant, Integer> known) {
        Set<String> strangers = new HashSet<>(answered.keySet());
        strangers.removeAll(ledger.tenants.keySet());
        List<String> differences =
                strangers.stream().map(tenant -> "Nobody registered " + tenant).collect(Collectors.toList());
        known.forEach((tenant, statuses) -> {
            Set<String> possible = tenant.possible(statuses);
            String status = answered.get(tenant.tenantId);
            if (!possible.contains(status)) {
                differences.add(tenant.tenantId + " is " + status + " and not one of " + possible);
            }
        });
        return differences;
    }

    /** @return the tenants of an answer with their statuses; features that do not follow from these are told as well */
    static Map<String, String> statuses(JsonNode answer) {
        Map<String, String> statuses = new HashMap<>();
        for (JsonNode tenant : answer.get("tenants")) {
            String status = tenant.get("status").asText();
            boolean active = status.equals("active");
            boolean consistent = tenant.at("/features/suricata").asBoolean() == active
                    && tenant.at("/features/wireguard_iot").asBoolean() == active;
            statuses.merge(
                    tenant.get("tenant_id").asText(),
                    consistent ? status : status + " with " + tenant.get("features"),
                    (one, other) -> one + " and " + other);
        }
        return statuses;
    }
}
