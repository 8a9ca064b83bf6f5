package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * A module's SQL touches its own tables. What others need of them, they ask of its API. The engine's tables are read by
 * the engine module and by the packages that know the engine.
 */
class TableOwnershipTest {

    private static final Path SOURCES = Path.of("src/main/java/io/countersign");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

    /** The tables of each module, as the migrations make them. */
    private static final Map<String, List<String>> TABLES = Map.ofEntries(
            Map.entry("api", List.of("idempotency_keys")),
            Map.entry(
                    "approval",
                    List.of(
                            "approvals",
                            "approval_stages",
                            "approval_decisions",
                            "approval_former_decisions",
                            "approval_questions",
                            "approval_comments",
                            "approval_policies",
                            "approvals_to_assess",
                            "archived_approvals",
                            "freezes")),
            Map.entry("audit", List.of("audit_entries", "audit_seals", "audit_unsealed")),
            Map.entry("cluster", List.of("clusters")),
            Map.entry("engine", List.of("process_paths")),
            Map.entry("gateway", List.of("domains", "routes", "clients", "client_keys", "attachments")),
            Map.entry(
                    "identity",
                    List.of(
                            "access_tokens",
                            "delegations",
                            "invitation_links",
                            "invitations",
                            "members",
                            "namespaces",
                            "organizations",
                            "principal_names",
                            "projects",
                            "provider_identities",
                            "provider_memberships",
                            "provider_sessions",
                            "sign_in_attempts",
                            "spring_session",
                            "spring_session_attributes",
                            "teams",
                            "users")),
            Map.entry(
                    "notification",
                    List.of(
                            "channel_confirmations",
                            "decision_links",
                            "delivery_handovers",
                            "notification_channels",
                            "notification_defaults",
                            "notification_deliveries",
                            "notification_subscriptions")),
            Map.entry("operations", List.of("job_causes")),
            Map.entry("resilience", List.of("nodes")),
            Map.entry(
                    "tenant",
                    List.of(
                            "feature_sync_versions",
                            "orchestrator_tokens",
                            "orchestrators",
                            "tenant_notices",
                            "tenant_settings",
                            "tenants")));

    private static final Map<String, String> OWNERS = TABLES.entrySet().stream()
            .flatMap(module -> module.getValue().stream().map(table -> Map.entry(table, module.getKey())))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final Pattern TEXT =
            Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
    private static final Pattern USE = Pattern.compile(
            "\\b(?:from|join|into|update|table|using)\\s+(?:only\\s+|countersign\\.)*(\\w+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CREATE = Pattern.compile("create (?:unlogged )?table (?:if not exists )?(\\w+)");
    private static final Pattern DROP = Pattern.compile("drop table (?:if exists )?(\\w+)");

    @Test
    void every_table_has_an_owner() {
        Set<String> tables = new TreeSet<>();
        for (Path migration : files(MIGRATIONS, ".sql")) {
            String sql = read(migration).toLowerCase(Locale.ROOT);
            names(CREATE, sql).forEach(tables::add);
            names(DROP, sql).forEach(tables::remove);
        }

        assertThat(OWNERS.keySet()).isEqualTo(tables);
    }

    @Test
    void modules_use_their_own_tables() {
        Map<String, Set<String>> foreign = new TreeMap<>();
        for (Path source : files(SOURCES, ".java")) {
            Path place = SOURCES.relativize(source);
            Set<String> tables = foreign(place, read(source));
            if (!tables.isEmpty()) {
                foreign.put(place.toString(), tables);
            }
        }

        assertThat(foreign).isEmpty();
    }

    @Test
    void sources_are_seen_to_use_tables() {
        assertThat(files(SOURCES, ".java").stream().flatMap(source -> used(read(source))))
                .containsAll(OWNERS.keySet().stream()
                        .filter(table -> !table.startsWith("spring_session"))
                        .toList());
    }

    @Test
    void offenders_are_caught() {
        Path insights = Path.of("insights", "Insights.java");

        assertThat(foreign(insights, "jdbc.sql(\"select count(*) from approvals where status = ?\")"))
                .containsExactly("approvals");
        assertThat(foreign(insights, "jdbc.sql(\"\"\"\n  update countersign.nodes\n  set seen_at = now()\"\"\")"))
                .containsExactly("nodes");
        assertThat(foreign(insights, "sql(\"select from own o\" + \" left join act_ru_job j on true\")"))
                .containsExactly("act_ru_job");
        assertThat(foreign(Path.of("approval", "process", "Engine.java"), "sql(\"select from act_ru_job\")"))
                .isEmpty();
        assertThat(foreign(Path.of("console", "processes", "Page.java"), "sql(\"select from act_ru_job\")"))
                .containsExactly("act_ru_job");
        assertThat(foreign(Path.of("approval", "store", "Store.java"), "sql(\"select from approvals\")"))
                .isEmpty();
    }

    /** @return the tables that a source file uses and its module does not own */
    private static Set<String> foreign(Path place, String source) {
        String module = place.getName(0).toString();
        boolean knowsEngine = module.equals("engine")
                || StreamSupport.stream(place.spliterator(), false)
                        .anyMatch(folder -> folder.toString().equals("process"));
        return used(source)
                .filter(table -> table.startsWith("act_")
                        ? !knowsEngine
                        : OWNERS.containsKey(table) && !OWNERS.get(table).equals(module))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> used(String source) {
        return TEXT.matcher(source)
                .results()
                .map(text -> text.group(1) == null ? text.group(2) : text.group(1))
                .flatMap(text -> names(USE, text))
                .map(table -> table.toLowerCase(Locale.ROOT));
    }

    private static Stream<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult found) -> found.group(1));
    }

    private static List<Path> files(Path root, String ending) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
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
