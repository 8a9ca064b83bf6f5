package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Calls the running server over HTTP as one person, as any program would. */
public final class Client {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static final String PASSWORD = "demo";

    private final String server;
    private final String authorization;

    private Client(String server, String authorization) {
        this.server = server;
        this.authorization = authorization;
    }

    /**
     * What the server answered.
     *
     * @param status the HTTP status
     * @param text the body
     * @param raw the whole response
     */
    public record Answer(int status, String text, HttpResponse<String> raw) {

        /** @return the body as JSON */
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("Not JSON: " + text, e);
            }
        }

        /** @return the text of a field of the body, found by JSON pointer */
        public String at(String pointer) {
            return json().at(pointer).asText();
        }

        /** @return this answer, if it has that status */
        public Answer expect(int expected) {
            assertThat(status)
                    .as("%s %s: %s", raw.request().method(), raw.uri(), text)
                    .isEqualTo(expected);
            return this;
        }

        /** @return this answer, if it is a problem of that status and code */
        public Answer expectProblem(int expected, String code) {
            expect(expected);
            assertThat(raw.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(at("/code")).isEqualTo(code);
            return this;
        }
    }

    /** @return a client that calls a server as a person, with a bearer token */
    public static Client as(String server, String user) {
        String token = TOKENS.computeIfAbsent(
                server + user,
                key -> anonymous(server)
                        .post("/api/v1/auth/login", Map.of("username", user, "password", PASSWORD))
                        .expect(200)
                        .at("/token"));
        return new Client(server, "Bearer " + token);
    }

    static Client withToken(String server, String token) {
        return new Client(server, "Bearer " + token);
    }

    /** Asks the token endpoint as RFC 6749 says, with the secret in the Authorization header. */
    static Answer askForToken(String server, String clientId, String secret) {
        String credentials = encode(clientId) + ":" + encode(secret);
        return send(HttpRequest.newBuilder(URI.create(server + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
    }

    /** @return a client that calls a server without signing in */
    public static Client anonymous(String server) {
        return new Client(server, null);
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, Object body) {
        return send("POST", path, body);
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, body);
    }

    /** @return every item of a list, read page by page */
    public List<JsonNode> all(String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(path + (path.contains("?") ? "&" : "?") + "limit=100" + cursor)
                    .expect(200)
                    .json();
            page.get("items").forEach(items::add);
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : "&cursor=" + encode(page.get("next_cursor").asText());
        } while (cursor != null);
        return items;
    }

    /** Sets a policy as the first to change it since it was read. */
    public Answer putPolicy(String path, Object body) {
        return send("PUT", path, body, "If-Match", seen(path));
    }

    /** Drops the policy of an action as the first to change it since it was read. */
    public Answer dropPolicy(String path) {
        return send("DELETE", path, null, "If-Match", seen(path));
    }

    private String seen(String path) {
        return get(path).raw().headers().firstValue("ETag").orElse("\"none\"");
    }

    public Answer patch(String path, Object body) {
        return send("PATCH", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /**
     * Sends any request.
     *
     * @param body a value to write as JSON, a String to send as it is, or null
     * @param headers names and values in turn
     */
    public Answer send(String method, String path, Object body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofString(write(body)));
        }
        return send(request.build());
    }

    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String write(Object body) {
        try {
            return body instanceof String text ? text : JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
