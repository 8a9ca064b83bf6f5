package io.countersign.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher as people do, in a folder of its own. */
@DisabledOnOs(WINDOWS)
class LauncherTest {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();

    @TempDir
    private Path temporary;

    private StandIn server = new StandIn()
            .answer("GET orgs/acme/clusters/prod-eu", 200, "{\"name\":\"prod-eu\",\"status\":\"APPROVAL_PENDING\"}");

    private record Result(int exitCode, String out, String err) {}

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void newcomer_is_told_to_build_first() throws Exception {
        Path home = folder(false);

        Result result = run(home.resolve("countersign"), "--version");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("./mvnw -q compile", home.toString());
    }

    @Test
    void class_archive_is_made_at_first_use_and_renewed_when_classes_change() throws Exception {
        Path home = folder(true);
        Path archive = home.resolve("target/cli/countersign.jsa");

        assertThat(getState(home)).isEqualTo("NAME: prod-eu\nSTATE: APPROVAL_PENDING\n");
        awaitArchive(home);
        assertThat(getState(home)).isEqualTo("NAME: prod-eu\nSTATE: APPROVAL_PENDING\n");

        String key = Files.readString(keyOf(archive));
        Path jar = home.resolve("target/cli/lib/countersign-cli.jar");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(getState(home)).isEqualTo("NAME: prod-eu\nSTATE: APPROVAL_PENDING\n");
        assertThat(keyOf(archive)).doesNotExist();
        assertThat(getState(home)).isEqualTo("NAME: prod-eu\nSTATE: APPROVAL_PENDING\n");
        awaitArchive(home);
        assertThat(Files.readString(keyOf(archive))).isNotEqualTo(key);
    }

    @Test
    void damaged_class_archive_costs_nothing_but_time() throws Exception {
        Path home = folder(true);
        getState(home);
        awaitArchive(home);
        Path archive = home.resolve("target/cli/countersign.jsa");
        Files.delete(archive);
        Files.writeString(archive, "not an archive");

        assertThat(getState(home)).isEqualTo("NAME: prod-eu\nSTATE: APPROVAL_PENDING\n");
    }

    @Test
    void launcher_is_found_through_a_link_and_passes_arguments_and_exit_codes_on() throws Exception {
        Path home = folder(true);
        Path link = Files.createSymbolicLink(temporary.resolve("cs"), home.resolve("countersign"));

        Result result = run(link, "reject", "a b", "--reason", "$x *");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(server.last("GET").path()).isEqualTo("approvals/a%20b");
        awaitArchive(home);
    }

    /** @return a folder with a space in its name that holds what a built checkout does, as far as it matters here */
    private Path folder(boolean built) throws IOException {
        Path home = Files.createDirectories(temporary.resolve("check out"));
        Files.copy(CHECKOUT.resolve("countersign"), home.resolve("countersign"), StandardCopyOption.COPY_ATTRIBUTES);
        if (built) {
            Path lib = Files.createDirectories(home.resolve("target/cli/lib"));
            try (Stream<Path> jars = Files.list(CHECKOUT.resolve("target/cli/lib"))) {
                for (Path jar : jars.toList()) {
                    Files.copy(jar, lib.resolve(jar.getFileName()));
                }
            }
        }
        return home;
    }

    private String getState(Path home) throws Exception {
        Result result = run(home.resolve("countersign"), "infra", "k8s", "get", "prod-eu");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    private static void awaitArchive(Path home) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(home.resolve("target/cli"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("lib", "countersign.jsa", "countersign.jsa.key");
            }
        });
    }

    private static Path keyOf(Path archive) {
        return archive.resolveSibling("countersign.jsa.key");
    }

    private Result run(Path launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("COUNTERSIGN_SERVER", server.url());
        builder.environment().put("COUNTERSIGN_TOKEN", "t");
        builder.environment().put("COUNTERSIGN_ORG", "acme");
        builder.environment()
                .put("COUNTERSIGN_CONFIG", temporary.resolve("credentials.json").toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
