package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small HTTP server that answers as it was told to and remembers what it was asked. */
final class StandIn implements AutoCloseable {

    private final HttpServer http;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private record Answer(int status, String contentType, String body) {}

    /** What came in. */
    record Request(String method, String path, String authorization, String userAgent, String body) {

        JsonNode json() {
            try {
                return Json.read(body.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    StandIn() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Answers a request with this; the last answer given for it is repeated. */
    StandIn answer(String methodAndPath, int status, String body) {
        return answer(methodAndPath, status, status < 400 ? "application/json" : "application/problem+json", body);
    }

    synchronized StandIn answer(String methodAndPath, int status, String contentType, String body) {
        answers.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>()).add(new Answer(status, contentType, body));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** @return the last request of this method */
    Request last(String method) {
        return requests.stream()
                .filter(request -> request.method().equals(method))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + method + " among " + requests));
    }

    List<String> lines() {
        return requests.stream()
                .map(request -> request.method() + " " + request.path())
                .toList();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString().replaceFirst("^/api/v1/", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod(),
                path,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("User-Agent"),
                body));
        Answer answer = next(exchange.getRequestMethod() + " " + path);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized Answer next(String methodAndPath) {
        Deque<Answer> queue = answers.get(methodAndPath);
        if (queue == null) {
            return new Answer(
                    404,
                    "application/problem+json",
                    "{\"code\":\"not_found\",\"detail\":\"There is no " + methodAndPath + ".\"}");
        }
        return queue.size() > 1 ? queue.poll() : queue.peek();
    }
}
