package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The REST API of a server. */
final class Server {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int READ_TIMEOUT_MILLIS = 30_000;
    private static final int PAGE_SIZE = 100;

    static {
        // HttpURLConnection would resend a POST if the connection breaks, so a request could be made twice.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final String url;
    private final Optional<String> token;

    /**
     * @param url as {@link #parse} returns it
     * @param token the bearer token to send, if any
     */
    Server(String url, Optional<String> token) {
        this.url = url;
        this.token = token;
    }

    /**
     * @param text an address as typed
     * @return it without a trailing slash, which is the form used to compare servers
     * @throws Failure if it is not a server's address
     */
    static String parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new Failure(ExitCode.USAGE, "not a server's address: " + text);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null) {
            throw new Failure(
                    ExitCode.USAGE, "not a server's address (https://host[:port][/path] is expected): " + text);
        }
        return text.replaceFirst("/+$", "");
    }

    /** @return whether nobody can read a token on its way to this server: it uses TLS, or is this machine */
    static boolean isPrivate(String url) {
        URI uri = URI.create(url);
        String host = uri.getHost();
        return "https".equals(uri.getScheme())
                || host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d{1,3}){3}");
    }

    String url() {
        return url;
    }

    /** @return a path under {@code /api/v1}, each segment escaped */
    static String path(String... segments) {
        return Stream.of(segments).map(Server::escape).collect(Collectors.joining("/"));
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    /** @return whether the path exists and the person may see it */
    boolean has(String path) {
        try {
            get(path);
            return true;
        } catch (Refused refused) {
            if (refused.hidden()) {
                return false;
            }
            throw refused;
        }
    }

    JsonNode post(String path, JsonNode body) {
        return send("POST", path, body);
    }

    JsonNode put(String path, JsonNode body) {
        return send("PUT", path, body);
    }

    /** @param seen the version that the body is based on: the server refuses if there is a newer one */
    JsonNode put(String path, JsonNode body, String seen) {
        return understand(exchange("PUT", path, body, Optional.of(seen)));
    }

    /**
     * A versioned resource.
     *
     * @param tag its version, sent along with a change
     */
    record Versioned(JsonNode body, String tag) {}

    Versioned getVersioned(String path) {
        Answer answer = exchange("GET", path, null, Optional.empty());
        return new Versioned(understand(answer), answer.tag());
    }

    JsonNode patch(String path, JsonNode body) {
        return send("PATCH", path, body);
    }

    JsonNode delete(String path) {
        return send("DELETE", path, null);
    }

    /**
     * Reads all pages of a list.
     *
     * @param path its path, with a query if needed
     * @return one document like the server's, with the items of all pages
     */
    ObjectNode all(String path) {
        ObjectNode all = Json.object();
        ArrayNode items = all.putArray("items");
        all.putNull("next_cursor");
        String page = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE_SIZE;
        String cursor = "";
        do {
            JsonNode answer = get(cursor.isEmpty() ? page : page + "&cursor=" + escape(cursor));
            answer.path("items").forEach(items::add);
            cursor = answer.path("next_cursor").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return all;
    }

    /**
     * Streams an answer of any length.
     *
     * @param path its path, with a query if needed
     * @param taker consumes the answer
     * @throws Failure if the server refuses, cannot be reached, or breaks off
     */
    void download(String path, Taker taker) {
        try {
            HttpURLConnection connection = open("GET", URI.create(url + "/api/v1/" + path));
            int status = connection.getResponseCode();
            if (status != 200) {
                understand(answer(connection, status));
                throw new Failure(ExitCode.UNREACHABLE, url + " answered " + status);
            }
            try (InputStream in = connection.getInputStream()) {
                taker.take(in);
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Consumes a streamed answer. */
    interface Taker {

        void take(InputStream answer) throws IOException;
    }

    /** A raw answer. */
    private record Answer(int status, String contentType, String tag, byte[] body) {}

    private JsonNode send(String method, String path, JsonNode body) {
        return understand(exchange(method, path, body, Optional.empty()));
    }

    private Answer exchange(String method, String path, JsonNode body, Optional<String> seen) {
        byte[] bytes = body == null ? null : Json.bytes(body);
        URI uri = URI.create(url + "/api/v1/" + path);
        try {
            return method.equals("PATCH") ? sendPatch(uri, bytes) : sendPlain(method, uri, bytes, seen);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private Failure unreachable(IOException e) {
        return new Failure(ExitCode.UNREACHABLE, "cannot reach " + url + ": " + reason(e));
    }

    /** The old client, because it starts in a tenth of the new one's time. */
    private Answer sendPlain(String method, URI uri, byte[] body, Optional<String> seen) throws IOException {
        HttpURLConnection connection = open(method, uri);
        seen.ifPresent(version -> connection.setRequestProperty("If-Match", version));
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body);
        }
        return answer(connection, connection.getResponseCode());
    }

    private HttpURLConnection open(String method, URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        headers(connection::setRequestProperty);
        return connection;
    }

    private static Answer answer(HttpURLConnection connection, int status) throws IOException {
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Answer(
                    status,
                    connection.getContentType(),
                    connection.getHeaderField("ETag"),
                    in == null ? new byte[0] : in.readAllBytes());
        }
    }

    /** The new client, because the old one does not support PATCH. */
    private Answer sendPatch(URI uri, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(READ_TIMEOUT_MILLIS))
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body));
        headers(request::header);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(CONNECT_TIMEOUT_MILLIS))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(null),
                    response.headers().firstValue("ETag").orElse(null),
                    response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void headers(BiConsumer<String, String> header) {
        header.accept("User-Agent", "countersign-cli/" + Version.number());
        header.accept("Accept", "application/json, application/problem+json");
        header.accept("Content-Type", "application/json");
        token.ifPresent(value -> header.accept("Authorization", "Bearer " + value));
    }

    private JsonNode understand(Answer answer) {
        JsonNode body = null;
        if (answer.contentType() != null && answer.contentType().contains("json")) {
            try {
                body = Json.read(answer.body());
            } catch (IOException e) {
                throw new Failure(ExitCode.UNREACHABLE, url + " answered with broken JSON");
            }
        }
        if (answer.status() >= 200 && answer.status() < 300 && (body != null || answer.body().length == 0)) {
            return body == null ? Json.object() : body;
        }
        if (answer.status() >= 400 && body != null && body.hasNonNull("code")) {
            throw refusal(answer.status(), body);
        }
        if (answer.status() >= 400) {
            throw new Refused(answer.status(), url + " answered " + answer.status(), List.of());
        }
        throw new Failure(
                ExitCode.UNREACHABLE, url + " does not respond like a Countersign server (" + answer.status() + ")");
    }

    private Refused refusal(int status, JsonNode problem) {
        String detail = Text.field(problem, "detail");
        List<String> fields = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            String field = Text.field(error, "field") + " " + Text.field(error, "message");
            if (!field.equals(detail)) {
                fields.add(field);
            }
        }
        if (status == 401 && token.isPresent()) {
            fields.add("run: countersign auth login");
        }
        return new Refused(status, detail + " (" + Text.field(problem, "code") + ")", fields);
    }

    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "no such host";
        }
        if (e instanceof NoRouteToHostException) {
            return "no route to it";
        }
        if (e instanceof SocketTimeoutException || e instanceof HttpTimeoutException) {
            return "timed out";
        }
        return e.getMessage() == null ? "no connection" : e.getMessage();
    }
}
