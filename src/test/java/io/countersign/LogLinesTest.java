package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds every log line to one form: an event and its keys, of which none names a secret. */
class LogLinesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/countersign");

    /** Prints where to go and whom to sign in as. */
    private static final String BANNER = "Welcome.java";

    private static final Pattern CALL =
            Pattern.compile("\\blog(?:ger)?\\s*\\.(?:trace|debug|info|warn|error)\\(\\s*([^;]*?);", Pattern.DOTALL);

    private static final Pattern LINE = Pattern.compile(
            "\"event=[a-z_]+( (\\{}|\\{}=\\{}|[a-z_]+=(\\{}|[a-z._-]+|\\\\\"[^\"]*\\\\\")?))*\".*", Pattern.DOTALL);

    private static final Pattern SECRET = Pattern.compile(" (password|secret|token|key|authorization)=");

    @Test
    void every_line_is_an_event_with_its_keys() {
        List<String> lines = lines();

        assertThat(lines).hasSizeGreaterThan(50).allMatch(LINE.asMatchPredicate(), "event=… key=…");
        assertThat(lines).noneMatch(SECRET.asPredicate());
    }

    private static List<String> lines() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith(BANNER))
                    .flatMap(file -> CALL.matcher(read(file)).results().map(call -> call.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
