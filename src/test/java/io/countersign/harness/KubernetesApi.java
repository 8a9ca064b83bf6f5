package io.countersign.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of a Kubernetes API server as the target talks to: discovery, server-side apply, read and delete. It stores
 * objects, counts what happens to each, and plays the controllers that are done at once.
 */
final class KubernetesApi implements Outage, AutoCloseable {

    /** What happened to an object since the beginning. */
    record Effects(int creations, int changes, int deletions) {

        static final Effects NONE = new Effects(0, 0, 0);

        Effects created() {
            return new Effects(creations + 1, changes, deletions);
        }

        Effects changed() {
            return new Effects(creations, changes + 1, deletions);
        }

        Effects deleted() {
            return new Effects(creations, changes, deletions + 1);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> KINDS =
            List.of("Cluster", "HTTPRoute", "SecurityPolicy", "BackendTrafficPolicy", "Secret", "Service", "Namespace");

    private final int port = Ports.free();
    private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
    private final Map<String, Effects> effects = new ConcurrentHashMap<>();
    private ExecutorService threads;
    private HttpServer server;

    KubernetesApi() {
        ObjectNode namespace = JSON.createObjectNode();
        namespace
                .putObject("metadata")
                .put("name", World.ORGANIZATION)
                .putObject("labels")
                .put("countersign.io/organization", World.ORGANIZATION);
        objects.put("namespaces//" + World.ORGANIZATION, namespace);
    }

    String url() {
        return "http://localhost:" + port;
    }

    @Override
    public void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        threads = Executors.newFixedThreadPool(4);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** @return what happened to an object, such as {@code clusters/acme/prod-eu} */
    Effects effects(String object) {
        return effects.getOrDefault(object, Effects.NONE);
    }

    /** @return an object as it is now; empty if it is not there */
    Optional<ObjectNode> object(String object) {
        return Optional.ofNullable(objects.get(object));
    }

    /** @return all objects that are there now, of a kind such as {@code clusters} */
    List<String> present(String plural) {
        return objects.keySet().stream()
                .filter(object -> object.startsWith(plural + "/"))
                .toList();
    }

    /** @return all objects that ever were, of a kind such as {@code clusters} */
    List<String> all(String plural) {
        return effects.keySet().stream()
                .filter(object -> object.startsWith(plural + "/"))
                .toList();
    }

    /**
     * Makes an object, and what happened to it, something else.
     *
     * @param content null for not there
     * @return puts it back
     */
    Runnable pretend(String object, ObjectNode content, Effects happened) {
        ObjectNode contentBefore = objects.get(object);
        Effects happenedBefore = effects.get(object);
        set(object, content, happened);
        return () -> set(object, contentBefore, happenedBefore);
    }

    private void set(String object, ObjectNode content, Effects happened) {
        objects.compute(object, (key, before) -> content);
        effects.compute(object, (key, before) -> happened);
    }

    @Override
    public void close() {
        stop();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
            int api = path[0].equals("api") ? 2 : 3;
            if (path.length == api) {
                send(exchange, 200, discovery(path));
                return;
            }
            boolean namespaced = path.length > api + 2;
            String plural = namespaced ? path[api + 2] : path[api];
            String namespace = namespaced ? path[api + 1] : "";
            String name = path[path.length - 1];
            String key = plural + "/" + namespace + "/" + name;
            switch (exchange.getRequestMethod()) {
                case "GET" -> read(exchange, key);
                case "PATCH" -> apply(exchange, key);
                case "DELETE" -> delete(exchange, key);
                default -> send(exchange, 405, status("Not allowed"));
            }
        }
    }

    private void read(HttpExchange exchange, String key) throws IOException {
        ObjectNode object = objects.get(key);
        send(exchange, object == null ? 404 : 200, object == null ? status(key + " not found") : object);
    }

    private synchronized void apply(HttpExchange exchange, String key) throws IOException {
        ObjectNode wanted = (ObjectNode) YAML.readTree(exchange.getRequestBody());
        ObjectNode known = objects.get(key);
        boolean same = known != null && content(known).equals(content(wanted));
        if (!same) {
            effects.merge(
                    key,
                    known == null ? Effects.NONE.created() : Effects.NONE.changed(),
                    (before, now) -> known == null ? before.created() : before.changed());
            long generation =
                    known == null ? 1 : known.at("/metadata/generation").asLong() + 1;
            ((ObjectNode) wanted.get("metadata")).put("generation", generation);
            wanted.set("status", ready(generation));
            objects.put(key, wanted);
        }
        send(exchange, known == null ? 201 : 200, objects.get(key));
    }

    private synchronized void delete(HttpExchange exchange, String key) throws IOException {
        if (objects.remove(key) == null) {
            send(exchange, 404, status(key + " not found"));
            return;
        }
        effects.computeIfPresent(key, (object, before) -> before.deleted());
        send(exchange, 200, status("deleted"));
    }

    /** What was asked for, without what the server adds. */
    private static JsonNode content(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove("status");
        ((ObjectNode) content.get("metadata")).remove("generation");
        return content;
    }

    private static ObjectNode ready(long generation) {
        ObjectNode status = JSON.createObjectNode();
        status.put("observedGeneration", generation);
        condition(status.putArray("conditions"), "Available", generation);
        condition(status.putArray("parents").addObject().putArray("conditions"), "Accepted", generation);
        condition(status.putArray("ancestors").addObject().putArray("conditions"), "Accepted", generation);
        return status;
    }

    private static void condition(ArrayNode conditions, String type, long generation) {
        conditions.addObject().put("type", type).put("status", "True").put("observedGeneration", generation);
    }

    private static ObjectNode discovery(String[] path) {
        ObjectNode list = JSON.createObjectNode();
        list.put("kind", "APIResourceList");
        list.put("groupVersion", path.length == 2 ? path[1] : path[1] + "/" + path[2]);
        ArrayNode resources = list.putArray("resources");
        for (String kind : KINDS) {
            String plural = kind.toLowerCase(java.util.Locale.ROOT).replaceFirst("y$", "ie") + "s";
            ObjectNode resource = resources.addObject();
            resource.put("name", plural)
                    .put("singularName", "")
                    .put("namespaced", !kind.equals("Namespace"))
                    .put("kind", kind);
            resource.putArray("verbs").add("get").add("patch").add("delete");
        }
        return list;
    }

    private static ObjectNode status(String message) {
        return JSON.createObjectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", message);
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
