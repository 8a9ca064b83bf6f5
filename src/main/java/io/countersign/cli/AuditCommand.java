package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.chain.Anchor;
import io.countersign.chain.Finding;
import io.countersign.chain.Link;
import io.countersign.chain.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The audit trail. */
@Command(
        name = "audit",
        description = "Searches, exports and verifies the audit trail.",
        subcommands = {AuditCommand.ListAll.class, AuditCommand.Export.class, AuditCommand.Verify.class})
final class AuditCommand {

    /** The filters. */
    static final class Filters {

        @Option(names = "--actor", paramLabel = "USER", description = "Only entries by this person.")
        private String actor;

        @Option(names = "--entity-type", paramLabel = "TYPE", description = "Only entries about this type of object.")
        private String entityType;

        @Option(names = "--entity-id", paramLabel = "ID", description = "Only entries about this object.")
        private String entityId;

        @Option(
                names = "--entity-name",
                paramLabel = "TEXT",
                description = "Only entries about objects whose name contains this text.")
        private String entityName;

        @Option(
                names = "--action",
                paramLabel = "ACTION",
                description = "Only entries with this action, such as approve.")
        private String action;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description = "Only entries in this scope, such as organization:acme.")
        private String scope;

        @Option(
                names = "--origin",
                paramLabel = "ORIGIN",
                description =
                        "Only entries from this origin: console, mail, tasklist, engine-rest, api, cli or system.")
        private String origin;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "Only entries from this time on, such as 2025-06-01T12:00:00Z.")
        private String from;

        @Option(names = "--to", paramLabel = "TIME", description = "Only entries before this time.")
        private String to;

        /** @return the query of a path, not empty */
        String query(String first) {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("actor", actor);
            values.put("entity_type", entityType);
            values.put("entity_id", entityId);
            values.put("entity_name", entityName);
            values.put("action", action);
            values.put("scope", scope);
            values.put("origin", origin);
            values.put("from", from);
            values.put("to", to);
            return "?" + first
                    + values.entrySet().stream()
                            .filter(entry -> entry.getValue() != null)
                            .map(entry -> "&" + entry.getKey() + "=" + Server.escape(entry.getValue()))
                            .collect(Collectors.joining());
        }
    }

    @Command(name = "list", description = "Shows the newest entries that you may see.")
    static final class ListAll extends ServerCommand {

        @Mixin
        private Filters filters;

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "20",
                description = "Number of entries: 1 to 100, by default 20.")
        private int limit;

        @Override
        public Integer call() {
            JsonNode entries = root().signedIn().get("audit" + filters.query("limit=" + limit));
            return answer(entries, this::list);
        }

        private void list(JsonNode entries) {
            printTable(
                    List.of("TIME", "WHO", "FROM", "ACTION", "WHAT", "SCOPE"),
                    entries.path("items"),
                    entry -> List.of(
                            Text.field(entry, "at"),
                            Text.principal(entry, "actor"),
                            Text.field(entry, "origin"),
                            Text.field(entry, "action"),
                            Text.field(entry, "entity_type") + " " + Text.field(entry, "entity_name"),
                            Text.field(entry, "scope")));
        }
    }

    @Command(name = "export", description = "Writes the entries that you may see to a file, oldest first.")
    static final class Export extends ServerCommand {

        @Mixin
        private Filters filters;

        enum Form {
            csv,
            jsonl
        }

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "jsonl",
                description = "jsonl (the default), which can be verified, or csv.")
        private Form form;

        @Option(
                names = {"-f", "--filename"},
                paramLabel = "FILE",
                description = "Where to; without it, to standard output.")
        private Optional<Path> file = Optional.empty();

        @Override
        public Integer call() {
            String path = "audit/export" + filters.query("format=" + form);
            Server server = root().signedIn();
            if (file.isEmpty()) {
                server.download(path, answer -> {
                    Reader reader = new InputStreamReader(answer, StandardCharsets.UTF_8);
                    reader.transferTo(terminal().out());
                });
                return ExitCode.OK;
            }
            Path whole = file.get().toAbsolutePath();
            Path part = whole.resolveSibling(whole.getFileName() + ".part");
            try {
                // An existing file is a complete one.
                try (OutputStream out = Files.newOutputStream(part)) {
                    server.download(path, answer -> answer.transferTo(out));
                }
                Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw unwritable(whole, e);
            }
            return ExitCode.OK;
        }
    }

    private static Failure unwritable(Path path, IOException e) {
        return new Failure(ExitCode.USAGE, "cannot write " + path + ": " + e.getMessage());
    }

    @Command(
            name = "verify",
            description = "Verifies that the trail is unchanged, or names the first entry that is not.")
    static final class Verify extends ServerCommand {

        /** Findings that a filtered export also produces. */
        private static final Set<Finding.Kind> GAPS = EnumSet.of(Finding.Kind.MISSING, Finding.Kind.TAIL_CUT);

        @Option(
                names = "--anchor",
                paramLabel = "FILE|HASH",
                description = "A hash recorded outside the database: an anchor file or log, a hash, or SEQUENCE:HASH.")
        private List<String> anchors = List.of();

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Verifies an exported trail (JSON Lines) instead, without a server.")
        private Optional<Path> file = Optional.empty();

        @Override
        public Integer call() {
            List<Anchor> known =
                    anchors.stream().flatMap(Verify::read).distinct().toList();
            JsonNode outcome = file.map(path -> verify(path, known)).orElseGet(() -> ask(known));
            if (root().json()) {
                printJson(outcome);
            }
            if (outcome.path("partial").asBoolean()) {
                throw new Failure(
                        ExitCode.PARTIAL,
                        "the export is partial: " + Text.field(outcome.path("finding"), "explanation"),
                        List.of("the " + Text.field(outcome, "checked")
                                + " entries in it are as they were sealed; whether others are missing, only the whole"
                                + " trail shows"));
            }
            if (!outcome.path("intact").asBoolean()) {
                JsonNode finding = outcome.path("finding");
                throw new Failure(
                        ExitCode.REFUSED,
                        "the trail was tampered with: " + Text.field(finding, "explanation") + " ("
                                + Text.field(finding, "kind") + ")",
                        List.of("intact before that: " + Text.field(outcome, "checked") + " entries"));
            }
            if (!root().json()) {
                print("The trail is intact.");
                printField("ENTRIES", Text.field(outcome, "checked"));
                printField("NEWEST HASH", Text.field(outcome, "newest_hash"));
                printField("ANCHORS MET", Text.field(outcome, "anchors_met") + " of " + known.size());
            }
            return ExitCode.OK;
        }

        private JsonNode ask(List<Anchor> known) {
            ObjectNode body = Json.object();
            ArrayNode noted = body.putArray("anchors");
            known.forEach(anchor ->
                    noted.addObject().put("sequence", anchor.sequence()).put("hash", anchor.hash()));
            return root().signedIn().post("audit/verification", body);
        }

        private static JsonNode verify(Path path, List<Anchor> known) {
            try {
                Verification whole = Verification.of(() -> links(path), known, checked -> {});
                Optional<Verification> part = whole.finding()
                        .filter(finding -> GAPS.contains(finding.kind()))
                        .map(gap -> Verification.ofPart(() -> links(path), known));
                if (whole.checked() == 0 && whole.intact()) {
                    throw new Failure(ExitCode.USAGE, path + " contains no entries, so it proves nothing");
                }
                boolean partial = part.filter(Verification::intact).isPresent();
                Verification found = part.map(held -> held.intact()
                                ? new Verification(held.checked(), held.newestHash(), held.anchorsMet(), gap(whole))
                                : held)
                        .orElse(whole);
                ObjectNode outcome = Json.object()
                        .put("intact", found.intact())
                        .put("partial", partial)
                        .put("checked", found.checked())
                        .put("newest_hash", found.newestHash())
                        .put("anchors_met", found.anchorsMet());
                found.finding()
                        .ifPresentOrElse(
                                finding -> outcome.putObject("finding")
                                        .put("kind", finding.kind().wireName())
                                        .put("sequence", finding.sequence())
                                        .put("explanation", finding.explanation()),
                                () -> outcome.putNull("finding"));
                return outcome;
            } catch (UncheckedIOException e) {
                throw unreadable(path, e.getCause());
            }
        }

        /** @return what an export lacks, without claiming what became of it */
        private static Optional<Finding> gap(Verification whole) {
            return whole.finding()
                    .map(finding -> new Finding(
                            finding.kind(),
                            finding.sequence(),
                            finding.kind() == Finding.Kind.MISSING
                                    ? "entry " + finding.sequence() + " is not in it"
                                    : "it ends before an entry that was anchored"));
        }

        private static Stream<Link> links(Path path) {
            try {
                BufferedReader lines = Files.newBufferedReader(path);
                int[] number = {0};
                return lines.lines()
                        .map(line -> {
                            number[0]++;
                            try {
                                return Link.parse(line);
                            } catch (IllegalArgumentException e) {
                                throw new Failure(
                                        ExitCode.REFUSED,
                                        path + ", line " + number[0] + " is not a line of an exported trail");
                            }
                        })
                        .onClose(() -> close(lines));
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        private static void close(Reader reader) {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Stream<Anchor> read(String anchor) {
            Optional<Anchor> given = Anchor.parse(anchor);
            if (given.isPresent()) {
                return given.stream();
            }
            Path path = Path.of(anchor);
            try (Stream<String> lines = Files.lines(path)) {
                List<Anchor> noted =
                        lines.flatMap(line -> Anchor.find(line).stream()).toList();
                if (noted.isEmpty()) {
                    throw new Failure(ExitCode.USAGE, "there is no anchor in " + path);
                }
                return noted.stream();
            } catch (UncheckedIOException e) {
                throw unreadable(path, e.getCause());
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        private static Failure unreadable(Path path, IOException e) {
            return new Failure(ExitCode.USAGE, "cannot read " + path + ": " + e.getMessage());
        }
    }
}
