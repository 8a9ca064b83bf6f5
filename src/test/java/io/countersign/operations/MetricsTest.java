package io.countersign.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Holds the dashboard, the alerts and the documentation to what the running server exposes. */
class MetricsTest extends ServerTest {

    private static final Path DASHBOARD = Path.of("deploy/grafana/countersign.json");
    private static final Path ALERTS = Path.of("deploy/prometheus/alerts.yaml");
    private static final Path DOCUMENTATION = Path.of("docs/observability.md");
    private static final Set<String> WORDS = Set.of("by", "or", "and", "le", "on");

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private DatabaseGauges gauges;

    @Test
    void decision_is_counted_once_with_where_it_came_from() {
        Org org = given.organization();
        String decisions = "countersign_decisions_total{decision=\"approve\",entity_type=\"cluster\",origin=\"api\","
                + "override=\"false\"}";
        String closed = "countersign_time_to_decision_seconds_count{entity_type=\"cluster\",outcome=\"approved\"}";
        Map<String, Double> before = scrape();

        approve(org, request(org));

        // Other tests decide too, but not by themselves while this one runs.
        assertThat(scrape().get(decisions)).isEqualTo(before.get(decisions) + 1);
        assertThat(scrape().get(closed)).isEqualTo(before.get(closed) + 1);
    }

    @Test
    void refused_decision_is_not_counted() {
        Org org = given.organization();
        Approval approval = request(org);
        Map<String, Double> before = scrape();

        as(org.admin()).post(approvePath(approval), Map.of("comment", "mine")).expectProblem(403, "self_approval");

        assertThat(decisions(scrape())).isEqualTo(decisions(before));
    }

    @Test
    void gauges_tell_pending_and_stuck_requests_by_age() {
        Org org = given.organization();
        Approval approval = request(org);
        Map<String, Double> before = gauges.look();

        jdbc.sql("update approvals set submitted_at = now() - interval '3 days', stuck_reason = 'test' where id = ?")
                .param(approval.id().value())
                .update();
        Map<String, Double> after = gauges.look();

        assertThat(after.get("countersign.approvals.pending|cluster|1w"))
                .isEqualTo(before.getOrDefault("countersign.approvals.pending|cluster|1w", 0.0) + 1);
        assertThat(after.get("countersign.approvals.stuck|cluster"))
                .isEqualTo(before.getOrDefault("countersign.approvals.stuck|cluster", 0.0) + 1);
        jdbc.sql("update approvals set stuck_reason = null where id = ?")
                .param(approval.id().value())
                .update();
    }

    @Test
    void every_metric_of_dashboard_and_alerts_is_exposed() throws IOException {
        Org org = given.organization();
        approve(org, request(org));
        Awaitility.await().untilAsserted(() -> assertThat(names()).contains("countersign_delegates_seconds_count"));

        Set<String> exposed = names();

        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(30);
        for (String expression : expressions) {
            assertThat(metrics(expression)).as(expression).isNotEmpty().isSubsetOf(exposed);
        }
    }

    @Test
    void every_metric_of_ours_is_documented() throws IOException {
        Org org = given.organization();
        approve(org, request(org));
        Awaitility.await().untilAsserted(() -> assertThat(names()).contains("countersign_delegates_seconds_count"));
        Set<String> documented = Pattern.compile("^\\| `(countersign_\\w+)`", Pattern.MULTILINE)
                .matcher(Files.readString(DOCUMENTATION))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> exposed = names().stream()
                .filter(name -> name.startsWith("countersign_"))
                .map(name -> name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(exposed).isEqualTo(documented);
    }

    /** Debian's package {@code prometheus} brings promtool; {@code .ci/run} installs it. */
    @Test
    void prometheus_understands_every_expression(@TempDir Path directory) throws Exception {
        if (!onPath("promtool")) {
            assertThat(System.getenv("CI")).as("promtool is missing").isNull();
            Assumptions.abort("promtool is not on the PATH: install Debian's package prometheus");
        }
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int n = 0;
        for (String expression : dashboardExpressions()) {
            rules.append("      - record: dashboard:expression_%d\n        expr: %s\n"
                    .formatted(n++, new ObjectMapper().writeValueAsString(expression.replace("$job", ".*"))));
        }
        Path dashboard = Files.writeString(directory.resolve("dashboard.yaml"), rules);

        assertThat(promtool(ALERTS)).contains("SUCCESS");
        assertThat(promtool(dashboard)).contains("SUCCESS", n + " rules found");
    }

    @Test
    void metrics_are_for_operators() {
        Org org = given.organization();

        assertThat(status(null)).isEqualTo(401);
        assertThat(status(org.owner())).isEqualTo(403);
        assertThat(status("superadmin")).isEqualTo(200);
    }

    @Test
    void monitoring_token_reads_metrics_and_nothing_else() {
        String token = "Bearer token-of-a-monitoring-system";

        assertThat(get("/actuator/prometheus", token).statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus", token + "x").statusCode()).isEqualTo(401);
        assertThat(get("/actuator/metrics", token).statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/orgs", token).statusCode()).isEqualTo(401);
        assertThat(get("/engine-rest/task", token).statusCode()).isEqualTo(401);
    }

    private Approval request(Org org) {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
    }

    private static void approve(Org org, Approval approval) {
        as(org.owner()).post(approvePath(approval), Map.of("comment", "yes")).expect(200);
    }

    private static String approvePath(Approval approval) {
        Client reader = as(approval.submitter().name());
        String stage =
                reader.get("/api/v1/approvals/" + approval.id()).expect(200).at("/stages/0/id");
        return "/api/v1/approvals/" + approval.id() + "/stages/" + stage + "/approve";
    }

    private static Map<String, Double> decisions(Map<String, Double> scrape) {
        return scrape.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("countersign_decisions_total"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Set<String> names() {
        return scrape().keySet().stream()
                .map(series -> series.replaceFirst("\\{.*", ""))
                .collect(Collectors.toSet());
    }

    private static Map<String, Double> scrape() {
        HttpResponse<String> response = get("superadmin");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(
                                line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity")),
                        (first, second) -> second));
    }

    private static int status(String user) {
        return get(user).statusCode();
    }

    private static HttpResponse<String> get(String user) {
        byte[] credentials = (user + ":demo").getBytes(StandardCharsets.UTF_8);
        return get(
                "/actuator/prometheus",
                user == null ? null : "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    private static HttpResponse<String> get(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server() + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<String> expressions() throws IOException {
        List<String> all = new ArrayList<>(dashboardExpressions());
        JsonNode alerts = new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile());
        alerts.findValuesAsText("expr").forEach(all::add);
        return all;
    }

    private static List<String> dashboardExpressions() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        return StreamSupport.stream(dashboard.get("panels").spliterator(), false)
                .flatMap(panel -> panel.findValuesAsText("expr").stream())
                .toList();
    }

    /** @return the metrics that an expression reads: its words that are no function, label, text or grouping */
    private static Set<String> metrics(String expression) {
        String bare = expression
                .replaceAll("\"[^\"]*\"", "")
                .replaceAll("\\{[^}]*}", "")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("\\b(by|on|without)\\s*\\([^)]*\\)", "");
        Matcher words = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])")
                .matcher(bare);
        return words.results()
                .map(match -> match.group())
                .filter(word -> !WORDS.contains(word))
                .collect(Collectors.toSet());
    }

    private static boolean onPath(String program) {
        return Pattern.compile(java.io.File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String promtool(Path rules) throws Exception {
        Process process = new ProcessBuilder("promtool", "check", "rules", rules.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
