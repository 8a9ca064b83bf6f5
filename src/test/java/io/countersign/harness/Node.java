package io.countersign.harness;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One server process, as it runs in production: no embedded database, no demonstration data. */
final class Node implements AutoCloseable {

    static final String ADMINISTRATOR = "administrator";
    static final String PASSWORD = "correct-horse-battery";

    private static final Duration HEALTH_CHECK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final String name;
    private final Path directory;
    private final int port = Ports.free();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Path> overlays = new ArrayList<>();
    private Process process;
    private int starts;
    private Instant seenAt = Instant.EPOCH;
    private volatile boolean seen;

    Node(String name, Path directory, Database database) {
        this.name = name;
        this.directory = directory;
        set("server.port", Integer.toString(port));
        set("spring.datasource.url", database.url());
        set("countersign.encryption.keys", "Y291bnRlcnNpZ24tdGVzdHMtb25seS0zMi1ieXRlcyE=");
        set("countersign.first-administrator.name", ADMINISTRATOR);
        set("countersign.first-administrator.email", "administrator@example.com");
        set("countersign.first-administrator.password", PASSWORD);
        set("countersign.jobs.retry-waits", "PT1S,PT2S,PT3S,PT5S,PT5S,PT5S,PT10S,PT10S,PT10S");
        // Each delivery is looked for by its own mail.
        set("countersign.notification.digest-after", "0");
        set("countersign.cluster.check-interval", "PT0.5S");
        set("countersign.gateway.check-interval", "PT0.5S");
        set("countersign.resilience.dead-after", "PT6S");
        set("countersign.tenants.token-lifetime", "PT12H");
        set("camunda.bpm.job-execution.max-wait", "2000");
    }

    /** Sets a property, from the next start on. */
    Node set(String property, String value) {
        settings.put(property, value);
        return this;
    }

    /** Puts files before those of the application, from the next start on: another version of it. */
    Node overlay(Path classes) {
        overlays.add(classes);
        return this;
    }

    Node mailsTo(MailServer mail) {
        return set("spring.mail.host", "localhost").set("spring.mail.port", Integer.toString(mail.port()));
    }

    Node deploysTo(KubernetesApi kubernetes) {
        return set("countersign.target.type", "kubernetes")
                .set("countersign.target.kubernetes.master-url", kubernetes.url())
                .set("countersign.target.kubernetes.timeout", "PT3S");
    }

    String name() {
        return name;
    }

    String url() {
        return "http://localhost:" + port;
    }

    /** Starts the process and returns at once. */
    Node start() throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "io.countersign.Countersign"));
        settings.forEach((property, value) -> command.add("--" + property + "=" + value));
        starts++;
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        return this;
    }

    /** Waits until it says that it is ready. */
    Node awaitReady() {
        Awaitility.await(name + " is ready, see " + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .failFast(name + " ended, see " + log(), () -> !process.isAlive())
                .until(this::isReady);
        return this;
    }

    /** Waits until it says that it is ready, and starts it again whenever it gave up, as Kubernetes would. */
    Node superviseUntilReady() {
        Awaitility.await(name + " is ready, see " + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        start();
                    }
                    return isReady();
                });
        return this;
    }

    boolean isReady() {
        return status("/actuator/health/readiness") == 200;
    }

    /** @return what a health check found that looks twice in a second, as load balancers do */
    boolean seenReady() {
        Instant now = Instant.now();
        synchronized (this) {
            if (seenAt.plus(HEALTH_CHECK).isAfter(now)) {
                return seen;
            }
            seenAt = now;
        }
        seen = isReady();
        return seen;
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** @return the status of a GET without signing in; 0 if nobody answers */
    int status(String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create(url() + path))
                                    .timeout(Duration.ofSeconds(1))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Ends it at once, with SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to stop, with SIGTERM, and waits until it has. */
    void stop() {
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** @return what it wrote since its last start */
    Path log() {
        return directory.resolve(name + "-" + starts + ".log");
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }

    /** The class path of the tests without the tests themselves. */
    private String classPath() {
        String application = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        return overlays.stream()
                        .map(path -> path.toAbsolutePath() + File.pathSeparator)
                        .collect(Collectors.joining())
                + application;
    }
}
