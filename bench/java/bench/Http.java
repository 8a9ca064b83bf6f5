package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls a server as one person. */
final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String root;
    private final String authorization;

    Http(String root, String authorization) {
        this.root = root;
        this.authorization = authorization;
    }

    /** @return the answer's body; null if it has none */
    JsonNode get(String path) throws IOException, InterruptedException {
        return read(send("GET", path, null), path);
    }

    /** @return the answer's body; null if it has none */
    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return read(send("POST", path, body), path);
    }

    /** @return the answer's body; null if it has none */
    JsonNode put(String path, Object body) throws IOException, InterruptedException {
        if (!path.contains("/policies/")) {
            return read(send("PUT", path, body), path);
        }
        String seen = send("GET", path, null).headers().firstValue("ETag").orElseThrow();
        return read(send("PUT", path, body, "If-Match", seen), path);
    }

    /** Deletes what is there. */
    void delete(String path) throws IOException, InterruptedException {
        read(send("DELETE", path, null), path);
    }

    /** @return the answer, whatever its status */
    HttpResponse<String> send(String method, String path, Object body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
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
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode read(HttpResponse<String> response, String path) throws IOException {
        if (response.statusCode() >= 300) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body().isEmpty() ? null : JSON.readTree(response.body());
    }
}
