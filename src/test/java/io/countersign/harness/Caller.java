package io.countersign.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client behind a load balancer, as the documentation asks clients to be: an answer of 503 and a cut connection are
 * followed by the same request to the next node, and what creates something carries an Idempotency-Key.
 */
final class Caller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Node> nodes;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private volatile boolean balanced;
    private final AtomicInteger turn = new AtomicInteger();

    final AtomicInteger requests = new AtomicInteger();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final List<String> cut = new CopyOnWriteArrayList<>();
    final List<String> unexpected = new CopyOnWriteArrayList<>();

    Caller(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * A definite answer.
     *
     * @param status the HTTP status
     * @param body the body; a missing node if there is none
     * @param repeated whether an earlier attempt ended without an answer, and may have worked
     */
    record Answer(int status, JsonNode body, boolean repeated) {

        String at(String pointer) {
            return body.at(pointer).asText();
        }

        Answer expect(int expected) {
            if (status != expected) {
                throw new AssertionError("Expected " + expected + " but got " + status + ": " + body);
            }
            return this;
        }
    }

    /**
     * Puts a load balancer before the nodes, which sends requests only to those that say they are ready, or takes it
     * away.
     */
    Caller behindALoadBalancer(boolean balanced) {
        this.balanced = balanced;
        return this;
    }

    String token(String user) {
        return tokens.get(user);
    }

    /** Signs in as somebody from now on. */
    void signIn(String user, String password) {
        tokens.put(
                user,
                post(null, "/api/v1/auth/login", Map.of("username", user, "password", password))
                        .expect(200)
                        .at("/token"));
    }

    /** Gets the token of an orchestrator, which is called by its name from now on. */
    void signInAsOrchestrator(String name, String clientId, String secret) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(next().url() + "/oauth2/token"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        HttpResponse<String> response =
                Outage.unchecked(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
        tokens.put(
                name,
                new Answer(response.statusCode(), read(response.body()), false)
                        .expect(200)
                        .at("/access_token"));
    }

    Answer get(String user, String path) {
        return send(user, "GET", path, null, null);
    }

    Answer post(String user, String path, Object body) {
        return send(user, "POST", path, body, null);
    }

    Answer put(String user, String path, Object body) {
        return send(user, "PUT", path, body, null);
    }

    /** Sends something until there is a definite answer. */
    Answer send(String user, String method, String path, Object body, String idempotencyKey) {
        Instant end = Instant.now().plus(PATIENCE);
        boolean repeated = false;
        while (Instant.now().isBefore(end)) {
            Node node = next();
            requests.incrementAndGet();
            try {
                HttpResponse<String> response = http.send(
                        request(node, user, method, path, body, idempotencyKey), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < 500) {
                    return new Answer(response.statusCode(), read(response.body()), repeated);
                }
                if (response.statusCode() == 503
                        && response.headers().firstValue("Retry-After").isPresent()) {
                    refused.add(node.name() + " " + method + " " + path + ": " + response.body());
                } else {
                    unexpected.add(node.name() + " " + method + " " + path + ": " + response.statusCode() + " "
                            + response.body());
                }
                repeated = true;
            } catch (java.net.ConnectException | java.net.http.HttpConnectTimeoutException e) {
                refused.add(node.name() + " " + method + " " + path + ": " + e);
            } catch (IOException e) {
                cut.add(node.name() + " " + method + " " + path + ": " + e);
                repeated = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted during " + method + " " + path, e);
            }
            pause();
        }
        throw new AssertionError("No answer to " + method + " " + path + " within " + PATIENCE);
    }

    private Node next() {
        while (true) {
            List<Node> candidates =
                    balanced ? nodes.stream().filter(Node::seenReady).toList() : nodes;
            if (!candidates.isEmpty()) {
                return candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
            }
            pause();
        }
    }

    private HttpRequest request(Node node, String user, String method, String path, Object body, String idempotencyKey)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(Duration.ofSeconds(30));
        if (user != null) {
            request.header("Authorization", "Bearer " + tokens.get(user));
        }
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        if (method.equals("PUT") && path.contains("/policies/")) {
            request.header("If-Match", version(node, user, path));
        }
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(write(body)))
                .build();
    }

    private String version(Node node, String user, String path) throws IOException, InterruptedException {
        return http.send(request(node, user, "GET", path, null, null), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("ETag")
                .orElse("\"none\"");
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + body, e);
        }
    }

    private static String write(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
