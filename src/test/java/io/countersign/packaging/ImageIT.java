package io.countersign.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the packaged application as the image does, without a container engine: the Dockerfile's own commands take the
 * jar apart and archive its classes, its layers lie one over the other, and its entry point is started by its user, on
 * a file system of its own of which only its volumes can be written to.
 */
class ImageIT {

    private static final String PASSWORD = "correct-horse-battery";
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final String PATH = JAVA.resolve("bin") + ":/usr/bin:/bin";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Dockerfile dockerfile = Dockerfile.read();

    @TempDir
    private Path directory;

    private EmbeddedPostgres database;
    private Process server;

    @BeforeEach
    void prepare() throws Exception {
        for (String tool : List.of("unshare", "setpriv", "chroot")) {
            if (run(List.of("sh", "-c", "command -v " + tool), Map.of()) != 0) {
                assertThat(System.getenv("CI")).as(tool + " is missing").isNull();
                Assumptions.abort("There is no " + tool + " here");
            }
        }
        Assumptions.assumeTrue(
                run(
                                isolated("mount -t tmpfs tmpfs \"$ROOT\" && mkdir \"$ROOT/x\" && chroot / true"),
                                Map.of("ROOT", "/mnt"))
                        == 0,
                "This user may not mount anything here: run as root, outside of a container");
        database = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
        if (database != null) {
            database.close();
        }
    }

    @Test
    void serves_without_privileges_on_a_read_only_file_system_and_stops_when_told_to() throws Exception {
        layOut();
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path log = directory.resolve("server.log");

        start(port, log);

        await("server is ready, see " + log)
                .atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(250))
                .failFast(() ->
                        assertThat(server.isAlive()).as(Files.readString(log)).isTrue())
                .ignoreExceptions()
                .until(() -> get(port, "/actuator/health/readiness").statusCode() == 200);
        assertThat(get(port, "/api/v1/auth/me").statusCode()).isEqualTo(200);
        List<String> status = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"));
        assertThat(status).contains("Uid:\t10001\t10001\t10001\t10001", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
        Path root = Path.of("/proc/" + server.pid() + "/root");
        assertThat(Files.readAllLines(root.resolve("tmp/classes")))
                .as("classes that come from the archive")
                .anyMatch(line -> line.contains(" io.countersign.Countersign source: shared objects file"))
                .satisfies(classes -> assertThat(classes.stream()
                                .filter(line -> line.contains("source: shared objects file"))
                                .count())
                        .isGreaterThan(classes.size() * 8L / 10));
        for (String place : List.of("app", "etc", "usr", "")) {
            assertThatThrownBy(() -> Files.createFile(root.resolve(place).resolve("written")))
                    .as("even root cannot write to /" + place)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("Read-only file system");
        }

        server.destroy();

        assertThat(server.waitFor(60, TimeUnit.SECONDS))
                .as("ended within its grace period")
                .isTrue();
        assertThat(server.exitValue()).as("ended by SIGTERM").isEqualTo(143);
        assertThat(log).content().contains("Graceful shutdown complete").doesNotContain("Read-only file system");
    }

    /** Makes what the image holds by the Dockerfile's own commands, all but the one that builds the jar. */
    private void layOut() throws Exception {
        // What may not be done as root is done as somebody else, who has to get there.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path training = Files.createDirectory(directory.resolve("training"));
        Path app = Files.createDirectory(directory.resolve("app"));
        build(dockerfile.commands("mvnw").replaceFirst("^.*? package +&& ", ""), Path.of(""));
        build(dockerfile.commands("DumpLoadedClassList"), training);
        for (String layer : dockerfile.layers()) {
            build("cp -r /layers/" + layer + "/. .", app);
        }
        build(dockerfile.commands("Xshare:dump"), app);
    }

    private void build(String commands, Path place) throws Exception {
        String here = commands.replaceAll("(?<=[ =])/(?=layers|training)", directory + "/")
                .replace("/source/", Path.of("").toAbsolutePath() + "/");
        assertThat(run(
                        List.of("sh", "-e", "-c", "cd '" + place.toAbsolutePath() + "' && " + here),
                        Map.of("PATH", PATH)))
                .as(here)
                .isZero();
    }

    private void start(int port, Path log) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "PATH=" + PATH,
                "JAVA_TOOL_OPTIONS=-Xlog:class+load:file=/tmp/classes",
                "SERVER_PORT=" + port,
                "SPRING_DATASOURCE_URL=jdbc:postgresql://localhost:" + database.getPort() + "/postgres",
                "SPRING_DATASOURCE_USERNAME=postgres",
                "SPRING_DATASOURCE_PASSWORD=postgres",
                "COUNTERSIGN_ENCRYPTION_KEYS=" + OperatedServerTest.KEY,
                "COUNTERSIGN_FIRSTADMINISTRATOR_EMAIL=administrator@example.com",
                "COUNTERSIGN_FIRSTADMINISTRATOR_PASSWORD=" + PASSWORD));
        settings.addAll(List.of(dockerfile.argument("ENV").split(" +")));
        List<String> command = isolated("""
                mount -t tmpfs -o mode=755 tmpfs "$ROOT"
                cd "$ROOT"
                for place in /usr /etc /bin /lib /lib64 "$JAVA"; do
                  if [ -L "$place" ]; then
                    cp -P "$place" ".$place"
                  elif [ -d "$place" ] && [ ! -e ".$place" ]; then
                    mkdir -p ".$place"
                    mount --bind "$place" ".$place"
                    mount -o remount,bind,ro ".$place"
                  fi
                done
                mkdir app dev proc
                mount --bind "$APP" app
                mount -o remount,bind,ro app
                mount --rbind /dev dev
                mount --rbind /proc proc
                for volume in $VOLUMES; do
                  mkdir ".$volume"
                  mount -t tmpfs -o "uid=${IDS%:*},gid=${IDS#*:}" tmpfs ".$volume"
                done
                mount -o remount,ro "$ROOT"
                exec chroot . sh -c 'cd "$0" && exec "$@"' "$WORKDIR" \\
                  setpriv --reuid "${IDS%:*}" --regid "${IDS#*:}" --clear-groups \\
                  --inh-caps=-all --bounding-set=-all --no-new-privs \\
                  env -i "$@"
                """);
        command.addAll(settings);
        command.addAll(List.of(new ObjectMapper().readValue(dockerfile.argument("ENTRYPOINT"), String[].class)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "ROOT", Files.createDirectory(directory.resolve("root")).toString(),
                        "APP", directory.resolve("app").toString(),
                        "JAVA", JAVA.toString(),
                        "VOLUMES",
                                String.join(
                                        " ",
                                        new ObjectMapper().readValue(dockerfile.argument("VOLUME"), String[].class)),
                        "IDS", dockerfile.argument("USER"),
                        "WORKDIR", dockerfile.argument("WORKDIR")));
        server = builder.start();
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        byte[] credentials = ("administrator:" + PASSWORD).getBytes(StandardCharsets.UTF_8);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** @return what runs a script where its mounts are seen by itself alone */
    private static List<String> isolated(String script) {
        return new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "--", "sh", "-e", "-c", script, "sh"));
    }

    private static int run(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS))
                .as(String.join(" ", command))
                .isTrue();
        return process.exitValue();
    }
}
