package io.countersign.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server process as operators run it: PostgreSQL and its tools from the machine's packages, structured logs, traces
 * to a collector. Backed up while it runs, restored to another database, and gone on with.
 */
class OperatedServerTest {

    private static final Path TOOLS = Path.of("/usr/lib/postgresql");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    /** 32 bytes that encrypt secrets of servers in tests. */
    static final String KEY = "Y291bnRlcnNpZ24tdGVzdHMtb25seS0zMi1ieXRlcyE=";

    private static final String PASSWORD = "correct-horse-battery";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path directory;

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private Path tools;
    private int database;
    private int port;
    private HttpServer collector;
    private Process server;

    @BeforeEach
    void start() throws Exception {
        Path installed = installed();
        if (installed == null) {
            assertThat(System.getenv("CI")).as("PostgreSQL is missing").isNull();
            Assumptions.abort("No PostgreSQL under /usr/lib/postgresql: install Debian's package postgresql");
        }
        tools = installed;
        database = freePort();
        port = freePort();
        Path data = Files.createDirectory(directory.resolve("pg"));
        if (isRoot()) {
            run("chown", "nobody", data.toString());
            run("chmod", "a+rx", directory.toString());
        }
        asDatabaseUser(tool("initdb"), "-D", data.toString(), "-U", "postgres", "-A", "trust");
        asDatabaseUser(
                tool("pg_ctl"),
                "-D",
                data.toString(),
                "-o",
                "-p " + database + " -c unix_socket_directories= -c listen_addresses=localhost",
                "-l",
                data.resolve("log").toString(),
                "-w",
                "start");
        client("createdb", "countersign");
        collector = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (InputStream content =
                    zipped ? new GZIPInputStream(new ByteArrayInputStream(body)) : new ByteArrayInputStream(body)) {
                ExportTraceServiceRequest.parseFrom(content)
                        .getResourceSpansList()
                        .forEach(resource ->
                                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
        if (collector != null) {
            collector.stop(0);
            asDatabaseUser(tool("pg_ctl"), "-D", directory.resolve("pg").toString(), "-m", "immediate", "stop");
        }
    }

    @Test
    void backup_of_the_running_server_goes_on_where_it_was_and_traces_lead_through_its_jobs() throws Exception {
        startServer("countersign");
        for (String person : List.of("owner", "admin")) {
            String link = post(
                            "administrator",
                            "/api/v1/users",
                            Map.of("id", person, "display_name", person, "email", person + "@example.com"),
                            201)
                    .at("/invitation/link")
                    .asText();
            HttpResponse<String> accepted = send(
                    "POST",
                    null,
                    "/api/v1/auth/invitation",
                    Map.of("token", link.substring(link.indexOf('=') + 1), "password", PASSWORD));
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(204);
        }
        post("administrator", "/api/v1/orgs", Map.of("id", "acme", "name", "Acme"), 201);
        put("administrator", "/api/v1/orgs/acme/members/owner", Map.of("role", "owner"));
        put("administrator", "/api/v1/orgs/acme/members/admin", Map.of("role", "admin"));

        String first = post("admin", "/api/v1/orgs/acme/clusters", cluster("first"), 201)
                .get("approval_id")
                .asText();
        approve(first, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01", "X-Request-Id", "approve-first");
        awaitRunning("first");
        String second = post("admin", "/api/v1/orgs/acme/clusters", cluster("second"), 201)
                .get("approval_id")
                .asText();

        assertTraceLeadsIntoJobs();
        client("pg_dump", "--format=custom", "--file=" + directory.resolve("backup"), "countersign");
        server.destroy();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        client("createdb", "restored");
        client(
                "pg_restore",
                "--exit-on-error",
                "--dbname=restored",
                directory.resolve("backup").toString());
        startServer("restored");

        assertThat(get("owner", "/api/v1/orgs/acme/clusters/first")
                        .get("status")
                        .asText())
                .isEqualTo("RUNNING");
        approve(second);
        awaitRunning("second");
        assertThat(get("owner", "/api/v1/audit?limit=100").get("items").findValuesAsText("action"))
                .contains("create", "approve", "provision", "running");
    }

    /** The request's trace goes on in the engine's jobs, and their log lines name the request. */
    private void assertTraceLeadsIntoJobs() throws IOException {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(spans)
                        .filteredOn(span -> hex(span.getTraceId().toByteArray()).equals(TRACE))
                        .extracting(Span::getName)
                        .anyMatch(name -> name.startsWith("http post"))
                        .contains("carry-out apply-change"));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("countersign.log"))) {
            if (line.startsWith("{") && line.contains("event=audit action=")) {
                lines.add(JSON.readTree(line));
            }
        }
        assertThat(lines)
                .anySatisfy(line -> {
                    assertThat(line.path("message").asText()).startsWith("event=audit action=approve");
                    assertThat(line.path("request_id").asText()).isEqualTo("approve-first");
                    assertThat(line.path("user").asText()).isEqualTo("owner");
                    assertThat(line.path("traceId").asText()).isEqualTo(TRACE);
                })
                .anySatisfy(line -> {
                    assertThat(line.path("message").asText()).startsWith("event=audit action=running");
                    assertThat(line.path("process_key").asText()).isEqualTo("carry-out");
                    assertThat(line.path("request_id").asText()).isEqualTo("approve-first");
                    assertThat(line.path("traceId").asText()).isEqualTo(TRACE);
                });
    }

    private void startServer(String name) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        Path log = directory.resolve(name + ".log");
        server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx400m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        "io.countersign.Countersign",
                        "--server.port=" + port,
                        "--spring.datasource.url=jdbc:postgresql://localhost:" + database + "/" + name,
                        "--countersign.encryption.keys=" + KEY,
                        "--spring.datasource.username=postgres",
                        "--countersign.first-administrator.email=administrator@example.com",
                        "--countersign.first-administrator.password=" + PASSWORD,
                        "--countersign.target.manifests.directory=" + directory.resolve("manifests"),
                        "--countersign.cluster.check-interval=PT0.2S",
                        "--camunda.bpm.job-execution.max-wait=500",
                        "--management.otlp.tracing.endpoint=http://localhost:"
                                + collector.getAddress().getPort() + "/v1/traces",
                        "--logging.structured.format.console=ecs")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await("server is ready, see " + log)
                .atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(250))
                .failFast("server ended", () -> !server.isAlive())
                .ignoreExceptions()
                .until(() ->
                        send("GET", null, "/actuator/health/readiness", null).statusCode() == 200);
    }

    private void approve(String approval, String... headers) throws IOException, InterruptedException {
        String stage =
                get("owner", "/api/v1/approvals/" + approval).at("/stages/0/id").asText();
        HttpResponse<String> answer = send(
                "POST",
                "owner",
                "/api/v1/approvals/" + approval + "/stages/" + stage + "/approve",
                Map.of("comment", "fine"),
                headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void awaitRunning(String name) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(get("owner", "/api/v1/orgs/acme/clusters/" + name)
                                .get("status")
                                .asText())
                        .isEqualTo("RUNNING"));
    }

    private static Map<String, Object> cluster(String name) {
        return io.countersign.cluster.ClusterFixtures.body(name);
    }

    private JsonNode get(String user, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", user, path, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode post(String user, String path, Object body, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("POST", user, path, body);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private void put(String user, String path, Object body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("PUT", user, path, body);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isBetween(200, 204);
    }

    private HttpResponse<String> send(String method, String user, String path, Object body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (user != null) {
            byte[] credentials = (user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Path installed() throws IOException {
        if (!Files.isDirectory(TOOLS)) {
            return null;
        }
        try (Stream<Path> versions = Files.list(TOOLS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .findFirst()
                    .orElse(null);
        }
    }

    private String tool(String name) {
        return tools.resolve(name).toString();
    }

    private void client(String name, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(tool(name), "--host=localhost", "--port=" + database, "--username=postgres"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    /** PostgreSQL refuses to run as root. */
    private static void asDatabaseUser(String... command) throws Exception {
        if (isRoot()) {
            List<String> other = new ArrayList<>(List.of("setpriv", "--reuid=nobody", "--clear-groups", "--"));
            other.addAll(List.of(command));
            run(other.toArray(String[]::new));
        } else {
            run(command);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(String... command) throws Exception {
        Path output = Files.createTempFile("command", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as(String.join(" ", command))
                .isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + Files.readString(output))
                .isZero();
        Files.delete(output);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
