package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail on the command line, against the real server and without one. */
class AuditCommandTest extends ServerTest {

    @TempDir
    private Path home;

    @Test
    void trail_is_listed() {
        Org org = given.organization();

        Shell.Result list = signedIn(org.owner())
                .run("audit", "list", "--scope", "organization:" + org.id(), "--action", "set_role");

        assertThat(list.err()).isEmpty();
        assertThat(list.outLines().get(0)).startsWith("TIME").contains("WHO", "FROM", "ACTION", "WHAT", "SCOPE");
        assertThat(list.out()).contains("system", "set_role", "organization:" + org.id());
    }

    @Test
    void trail_is_exported_to_standard_output_and_to_a_file() throws IOException {
        Org org = given.organization();
        Path file = home.resolve("trail.csv");
        Shell shell = signedIn(org.owner());
        String scope = "organization:" + org.id();

        assertThat(shell.run("audit", "export", "--scope", scope, "--action", "create")
                        .outLines())
                .singleElement()
                .asString()
                .startsWith("{\"action\":\"create\",\"actor\":\"system\"");
        Shell.Result toFile = shell.run("audit", "export", "--scope", scope, "--format", "csv", "-f", file.toString());

        assertThat(toFile.err()).isEmpty();
        assertThat(Files.readAllLines(file))
                .hasSizeGreaterThan(4)
                .first()
                .asString()
                .startsWith("sequence,id,at,");
        assertThat(file.resolveSibling("trail.csv.part")).doesNotExist();
        assertThat(shell.run("audit", "export", "--origin", "pigeon").err())
                .startsWith("error: origin must be one of console,");
    }

    @Test
    void whole_trail_is_verified_at_the_server_and_from_its_export() throws IOException {
        given.organization();
        Path file = home.resolve("trail.jsonl");
        Path anchors = home.resolve("anchors.txt");
        Shell superadmin = signedIn(given.superadmin());

        Shell.Result verified = superadmin.run("audit", "verify");
        assertThat(verified.err()).isEmpty();
        assertThat(verified.out()).startsWith("The trail is intact.\n");
        superadmin.run("audit", "export", "-f", file.toString());
        List<String> lines = Files.readAllLines(file);
        String newest = field(lines.get(lines.size() - 1));
        Files.writeString(anchors, "started\n2025-06-01T12:00:00Z sequence=" + lines.size() + " hash=" + newest + "\n");

        assertThat(superadmin
                        .run("audit", "verify", "--anchor", anchors.toString())
                        .outLines())
                .contains("ANCHORS MET: 1 of 1");
        Shell nobody = new Shell(home.resolve("nobody"));
        assertThat(nobody.run("audit", "verify", "--file", file.toString(), "--anchor", anchors.toString())
                        .outLines())
                .contains("ENTRIES: " + lines.size(), "NEWEST HASH: " + newest, "ANCHORS MET: 1 of 1");
        assertThat(nobody.run("audit", "verify", "-o", "json", "--anchor", newest, "--file", file.toString())
                        .out())
                .contains("\"intact\" : true");
    }

    @Test
    void tampered_export_is_found_without_a_server() throws IOException {
        given.organization();
        Path file = home.resolve("trail.jsonl");
        signedIn(given.superadmin()).run("audit", "export", "-f", file.toString());
        List<String> whole = Files.readAllLines(file);

        List<String> changed = new ArrayList<>(whole);
        changed.set(2, changed.get(2).replaceFirst("\"actor\":\"[^\"]*\"", "\"actor\":\"eve\""));
        assertTampered(file, changed, "Entry 3 differs from what was sealed. (changed)");
        List<String> reordered = new ArrayList<>(whole);
        Collections.swap(reordered, 2, 3);
        assertTampered(file, reordered, "Another entry is in the place of entry 3. (reordered)");
        List<String> inserted = new ArrayList<>(whole);
        inserted.add(2, whole.get(1));
        assertTampered(file, inserted, "Entry 3 was inserted.");
        List<String> anchored = List.of(whole.get(0), whole.get(2));
        assertTampered(file, anchored, "Entry 3 differs from its anchor", "--anchor", "3:" + "a".repeat(64));
        List<String> renumbered = List.of(whole.get(0), whole.get(2).replaceFirst("\"sequence\":3", "\"sequence\":2"));
        assertTampered(file, renumbered, "Entry 2 differs from what was sealed there. (changed)");
    }

    @Test
    void export_of_a_part_is_partial_and_not_tampered_with() throws IOException {
        Org org = given.organization();
        Path file = home.resolve("part.jsonl");
        Shell superadmin = signedIn(given.superadmin());
        superadmin.run("audit", "export", "--scope", "organization:" + org.id(), "-f", file.toString());
        int entries = Files.readAllLines(file).size();

        Shell.Result verified = new Shell(home).run("audit", "verify", "--file", file.toString());

        assertThat(verified.exitCode()).isEqualTo(ExitCode.PARTIAL);
        assertThat(verified.err())
                .startsWith("error: the export is partial: entry 1 is not in it\n")
                .contains("the " + entries + " entries in it are as they were sealed");
        assertThat(new Shell(home)
                        .run("audit", "verify", "-o", "json", "--file", file.toString())
                        .out())
                .contains("\"partial\" : true", "\"intact\" : false");
    }

    @Test
    void changed_line_of_a_partial_export_is_named() throws IOException {
        Org org = given.organization();
        Path file = home.resolve("part.jsonl");
        signedIn(given.superadmin())
                .run("audit", "export", "--scope", "organization:" + org.id(), "-f", file.toString());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replaceFirst("\"actor\":\"[^\"]*\"", "\"actor\":\"eve\""));

        long changed = io.countersign.chain.Link.parse(lines.get(1)).sequence();
        assertTampered(file, lines, "Entry " + changed + " differs from what was sealed there. (changed)");
    }

    @Test
    void empty_file_proves_nothing() throws IOException {
        Path file = Files.writeString(home.resolve("empty.jsonl"), "");

        Shell.Result verified = new Shell(home).run("audit", "verify", "--file", file.toString());

        assertThat(verified.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(verified.out()).isEmpty();
        assertThat(verified.err()).isEqualTo("error: " + file + " contains no entries, so it proves nothing\n");
    }

    @Test
    void export_that_ends_before_an_anchor_is_partial() throws IOException {
        given.organization();
        Path file = home.resolve("trail.jsonl");
        signedIn(given.superadmin()).run("audit", "export", "-f", file.toString());
        List<String> whole = Files.readAllLines(file);
        Files.write(file, whole.subList(0, 2));

        Shell.Result verified =
                new Shell(home).run("audit", "verify", "--file", file.toString(), "--anchor", field(whole.get(2)));

        assertThat(verified.exitCode()).isEqualTo(ExitCode.PARTIAL);
        assertThat(verified.err()).contains("it ends before an entry that was anchored");
    }

    @Test
    void what_is_no_trail_is_told() throws IOException {
        Shell nobody = new Shell(home);
        Path file = Files.writeString(home.resolve("notes.txt"), "hello\n");

        assertThat(nobody.run("audit", "verify", "--file", file.toString()).err())
                .isEqualTo("error: " + file + ", line 1 is not a line of an exported trail\n");
        assertThat(nobody.run("audit", "verify", "--file", home.resolve("none").toString())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(nobody.run("audit", "verify", "--anchor", file.toString()).err())
                .isEqualTo("error: there is no anchor in " + file + "\n");
        assertThat(signedIn(given.organization().owner()).run("audit", "verify").err())
                .contains("(missing_permission)");
    }

    private void assertTampered(Path file, List<String> lines, String explanation, String... more) throws IOException {
        Files.write(file, lines);
        List<String> arguments = new ArrayList<>(List.of("audit", "verify", "--file", file.toString()));
        arguments.addAll(List.of(more));
        Shell.Result verified = new Shell(home).run(arguments.toArray(String[]::new));
        assertThat(verified.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(verified.err())
                .startsWith("error: the trail was tampered with: ")
                .contains(explanation);
    }

    private static String field(String line) {
        return io.countersign.chain.Link.parse(line).hash();
    }

    private Shell signedIn(String user) {
        return Shell.signedIn(home, server(), user);
    }
}
