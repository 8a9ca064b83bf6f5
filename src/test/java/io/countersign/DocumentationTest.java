package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages link only to what exists, and the decision records have one form. */
class DocumentationTest {

    private static final Path DOCS = Path.of("docs");
    private static final Path DECISIONS = DOCS.resolve("decisions");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern RECORD = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.md");

    @Test
    void every_link_leads_somewhere() {
        List<Path> pages = pages();
        List<String> broken = new ArrayList<>();

        for (Path page : pages) {
            CODE.matcher(read(page))
                    .replaceAll("")
                    .lines()
                    .flatMap(line -> LINK.matcher(line).results())
                    .forEach(link -> {
                        Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                        boolean found = Files.exists(target)
                                && (link.group(2) == null || anchors(target).contains(link.group(2)));
                        if (!found) {
                            broken.add(page + " -> " + link.group());
                        }
                    });
        }

        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(broken).isEmpty();
    }

    /** With {@code -Ddocs=write}, writes the list instead of comparing it. */
    @Test
    void decisions_have_one_form_and_are_all_listed() throws IOException {
        List<Path> records;
        try (Stream<Path> files = Files.list(DECISIONS)) {
            records = files.filter(file ->
                            RECORD.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
        StringBuilder rows = new StringBuilder();
        for (Path decision : records) {
            String record = read(decision);
            String name = decision.getFileName().toString();
            int number = Integer.parseInt(name.substring(0, 4));
            String title = record.lines().findFirst().orElseThrow();
            assertThat(title).as(name).startsWith("# %d. ".formatted(number));
            assertThat(record).as(name).contains("\n**Decision.** ", "\n**What it costs.** ");
            rows.append("| %d | [%s](%s) |\n".formatted(number, title.substring(title.indexOf(". ") + 2), name));
        }

        Path list = DECISIONS.resolve("README.md");
        String text = read(list);
        String head = "| | |\n|---|---|\n";
        String expected = text.substring(0, text.indexOf(head)) + head + rows;
        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(list, expected);
        }
        assertThat(read(list)).isEqualTo(expected);
    }

    private static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(DOCS)) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The anchors that GitHub gives the headings of a page. */
    private static Set<String> anchors(Path page) {
        return HEADING.matcher(read(page))
                .results()
                .map((MatchResult heading) -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
