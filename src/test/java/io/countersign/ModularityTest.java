package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** Keeps the modules apart, and what docs/architecture.md says of them true. */
class ModularityTest {

    private static final ApplicationModules MODULES = ApplicationModules.of(Countersign.class);

    private static final Path OVERVIEW = Path.of("docs/architecture.md");

    @Test
    void modules_use_each_other_as_declared() {
        MODULES.verify();
    }

    @Test
    void every_module_declares_what_it_uses() {
        MODULES.forEach(module -> assertThat(declarationOf(module).allowedDependencies())
                .as("allowedDependencies of %s", module.getIdentifier())
                .doesNotContain(ApplicationModule.OPEN_TOKEN));
    }

    /** With {@code -Ddocs=write}, writes the diagram instead of comparing it. */
    @Test
    void overview_shows_the_declared_dependencies() throws IOException {
        String text = Files.readString(OVERVIEW);
        String diagram = MODULES.stream()
                .sorted(Comparator.comparing(module -> module.getIdentifier().toString()))
                .map(ModularityTest::arrows)
                .collect(Collectors.joining("", "```mermaid\nflowchart LR\n", "```\n"));
        String expected = Pattern.compile("```mermaid\n.*?```\n", Pattern.DOTALL)
                .matcher(text)
                .replaceFirst(Matcher.quoteReplacement(diagram));

        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(OVERVIEW, expected);
        } else {
            assertThat(text).isEqualTo(expected);
        }
        MODULES.forEach(module -> assertThat(text).contains("\n| `%s` | ".formatted(module.getIdentifier())));
    }

    @Test
    void diagrams_are_written() {
        new Documenter(MODULES).writeDocumentation();

        assertThat(Path.of("target/spring-modulith-docs"))
                .isDirectoryContaining("glob:**/components.puml")
                .isDirectoryContaining("glob:**/module-approval.adoc");
    }

    private static String arrows(org.springframework.modulith.core.ApplicationModule module) {
        String used = Arrays.stream(declarationOf(module).allowedDependencies())
                .map(name -> name.split("::")[0].strip())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" & "));
        return "    " + module.getIdentifier() + (used.isEmpty() ? "" : " --> " + used) + "\n";
    }

    private static ApplicationModule declarationOf(org.springframework.modulith.core.ApplicationModule module) {
        String name = module.getBasePackage().getName() + ".package-info";
        try {
            ApplicationModule declaration = Class.forName(name).getAnnotation(ApplicationModule.class);
            assertThat(declaration).as("@ApplicationModule on " + name).isNotNull();
            return declaration;
        } catch (ClassNotFoundException e) {
            throw new AssertionError("No " + name, e);
        }
    }
}
