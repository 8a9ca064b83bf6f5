package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the command line in this process, as a person at a terminal or as a script. */
final class Shell {

    private final Map<String, String> environment = new HashMap<>();
    private final Path credentials;
    private Optional<Terminal.Person> person = Optional.empty();
    private Clock clock = Clock.systemUTC();
    private String input = "";

    Shell(Path home) {
        credentials = home.resolve("config").resolve("credentials.json");
        environment.put("COUNTERSIGN_CONFIG", credentials.toString());
    }

    /** @return the shell of a person whose password is {@code demo}, signed in */
    static Shell signedIn(Path homes, String server, String user) {
        Shell shell = new Shell(homes.resolve(user));
        Result login =
                shell.input("demo\n").run("auth", "login", "--server", server, "--username", user, "--password-stdin");
        assertThat(login.err()).isEmpty();
        assertThat(login.exitCode()).isZero();
        return shell;
    }

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {

        List<String> outLines() {
            return out.lines().toList();
        }
    }

    Path credentials() {
        return credentials;
    }

    Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Shell input(String text) {
        input = text;
        return this;
    }

    Shell at(String now) {
        clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        return this;
    }

    /** Seats someone who gives the same answer to whatever they are asked. */
    Shell personAnswering(String answer) {
        person = Optional.of(new Terminal.Person() {
            @Override
            public String ask(String question) {
                return answer;
            }

            @Override
            public String askSecret(String question) {
                return answer;
            }
        });
        return this;
    }

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        environment,
                        person,
                        clock),
                arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
