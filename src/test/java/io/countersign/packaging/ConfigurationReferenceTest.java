package io.countersign.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/**
 * Makes docs/configuration.md from what the compiler wrote down of every property
 * ({@code spring-configuration-metadata.json}) and from application.yaml, and holds it to them.
 */
class ConfigurationReferenceTest {

    private static final Path REFERENCE = Path.of("docs/configuration.md");
    /** Has variables of its own. */
    private static final Path COMMAND_LINE = Path.of("docs/cli.md");

    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
    private static final Path ADDITIONAL =
            Path.of("src/main/resources/META-INF/additional-spring-configuration-metadata.json");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path APPLICATION = Path.of("src/main/resources/application.yaml");
    private static final String SESSION_COOKIE = "COUNTERSIGN_SESSION";
    private static final String OURS = "countersign.";

    private record Property(String defaultValue, String description) {}

    private final Map<String, Property> properties = readProperties();
    private final Map<String, String> settings = readSettings();

    /** With {@code -Ddocs=write}, writes the reference instead of comparing it. */
    @Test
    void reference_says_what_the_code_says() throws IOException {
        String expected = render();

        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(REFERENCE, expected);
        }
        assertThat(REFERENCE)
                .as("docs/configuration.md is made by ./mvnw -Dtest=ConfigurationReferenceTest -Ddocs=write test")
                .hasContent(expected);
    }

    @Test
    void every_property_is_described() {
        assertThat(properties).hasSizeGreaterThan(20);
        assertThat(properties.entrySet())
                .allSatisfy(property -> assertThat(property.getValue().description())
                        .as(property.getKey())
                        .isNotBlank());
    }

    @Test
    void every_property_that_code_reads_is_known() throws IOException {
        Pattern placeholder = Pattern.compile("\\$\\{(countersign\\.[a-z0-9.-]+)");
        Set<String> read = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                placeholder
                        .matcher(Files.readString(file))
                        .results()
                        .map(result -> result.group(1))
                        .forEach(read::add);
            }
        }

        assertThat(read).hasSizeGreaterThan(5);
        assertThat(properties.keySet())
                .as("give it a default and a comment in application.yaml")
                .containsAll(read);
    }

    @Test
    void every_setting_of_ours_is_a_property() {
        assertThat(settings.keySet().stream().filter(key -> key.startsWith(OURS)))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(properties.keySet())
                        .as(key)
                        .anyMatch(property -> key.equals(property) || key.startsWith(property + ".")));
    }

    /** Whoever writes a variable of ours into a chart, a compose file or a page means one that exists. */
    @Test
    void every_environment_variable_that_is_named_exists() throws IOException {
        Set<String> known = properties.keySet().stream()
                .map(ConfigurationReferenceTest::variable)
                .collect(Collectors.toSet());
        List<Path> places;
        try (Stream<Path> deploy = Files.walk(Path.of("deploy"));
                Stream<Path> docs = Files.list(Path.of("docs"))) {
            places = Stream.concat(deploy, docs)
                    .filter(path -> Files.isRegularFile(path) && !path.equals(REFERENCE) && !path.equals(COMMAND_LINE))
                    .toList();
        }
        Pattern variables = Pattern.compile("\\bCOUNTERSIGN_[A-Z_]+[A-Z]\\b");
        for (Path place : places) {
            Set<String> named = variables
                    .matcher(Files.readString(place))
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !name.equals(SESSION_COOKIE))
                    .collect(Collectors.toSet());
            assertThat(known).as(place.toString()).containsAll(named);
        }
    }

    private String render() {
        StringBuilder text = new StringBuilder("""
                # Configuration

                Made from the code by `ConfigurationReferenceTest`; do not edit. Every setting can be an environment variable, a
                command-line argument (`--countersign.base-url=…`), or stand in an `application.yaml` beside the jar. Durations are
                ISO 8601 (`PT10S`).

                ## Countersign

                | property | environment | default | what |
                |---|---|---|---|
                """);
        properties.forEach((name, property) -> text.append("| `%s` | `%s` | %s | %s |\n"
                .formatted(name, variable(name), defaultOf(name, property), sentence(property.description()))));
        text.append("""

                ## What Countersign sets of Spring Boot and Camunda

                These differ from those projects' own defaults, and can be overridden alike. Of the many others, an external
                database (`spring.datasource.url`, `.username`, `.password`), a mail server (`spring.mail.host`, `.port`, …),
                `server.port`, `management.server.port`, `management.otlp.tracing.endpoint` and
                `logging.structured.format.console` are those that an operator meets first.

                | property | value |
                |---|---|
                """);
        settings.forEach((name, value) -> {
            if (!name.startsWith(OURS)) {
                text.append("| `%s` | `%s` |\n".formatted(name, value.replace("|", "\\|")));
            }
        });
        return text.toString();
    }

    private String defaultOf(String name, Property property) {
        String set = settings.entrySet().stream()
                .filter(setting ->
                        setting.getKey().equals(name) || setting.getKey().startsWith(name + "."))
                .map(setting -> setting.getKey().equals(name)
                        ? setting.getValue()
                        : setting.getKey().substring(name.length() + 1) + "=" + setting.getValue())
                .collect(Collectors.joining(", "));
        String value = settings.containsKey(name) || !set.isEmpty() ? set : property.defaultValue();
        return value == null || value.isEmpty() ? "" : "`" + value + "`";
    }

    private static String sentence(String description) {
        String text = description
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("null for", "empty for")
                .replace("null to", "empty to")
                .replace("|", "\\|")
                .strip();
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static Map<String, Property> readProperties() {
        try {
            Map<String, Property> found = new TreeMap<>();
            for (Path metadata : List.of(METADATA, ADDITIONAL)) {
                for (JsonNode property :
                        new ObjectMapper().readTree(metadata.toFile()).get("properties")) {
                    String name = property.get("name").asText();
                    if (name.startsWith(OURS)) {
                        found.put(
                                name,
                                new Property(
                                        property.path("defaultValue").asText(null),
                                        property.path("description").asText("")));
                    }
                }
            }
            comments().forEach((name, comment) -> {
                boolean known =
                        found.keySet().stream().anyMatch(other -> name.equals(other) || name.startsWith(other + "."));
                if (!known) {
                    found.put(name, new Property(null, comment));
                }
            });
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the comments of application.yaml say of each of our settings that the compiler says nothing of: its own
     * comment, else that of the setting before it in the same block.
     */
    private static Map<String, String> comments() throws IOException {
        Pattern entry = Pattern.compile("( *)([A-Za-z0-9._-]+):(.*)");
        Map<Integer, String> path = new TreeMap<>();
        Map<Integer, String> last = new TreeMap<>();
        Map<String, String> found = new TreeMap<>();
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(APPLICATION)) {
            Matcher matcher = entry.matcher(line);
            if (line.strip().startsWith("#")) {
                comment.append(line.strip().substring(1));
            } else if (matcher.matches()) {
                int depth = matcher.group(1).length();
                path.keySet().removeIf(other -> other >= depth);
                last.keySet().removeIf(other -> other > depth);
                path.put(depth, matcher.group(2));
                if (!comment.isEmpty()) {
                    last.put(depth, comment.toString().strip());
                }
                comment.setLength(0);
                String name = String.join(".", path.values());
                if (name.startsWith(OURS) && !matcher.group(3).isBlank()) {
                    found.put(name, last.getOrDefault(depth, ""));
                }
            }
        }
        return found;
    }

    private static Map<String, String> readSettings() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource(APPLICATION));
        Properties read = yaml.getObject();
        Map<String, String> flat = new TreeMap<>();
        Pattern index = Pattern.compile("\\[([0-9]+)]$");
        read.forEach((key, value) -> {
            Matcher element = index.matcher(key.toString());
            flat.merge(
                    element.find() ? key.toString().substring(0, element.start()) : key.toString(),
                    value.toString(),
                    (first, second) -> first + ", " + second);
        });
        return flat;
    }
}
