package io.countersign.insights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.TeamScope;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class InsightsResourceTest extends ServerTest {

    @Autowired
    private JdbcClient jdbc;

    private Org org;

    @BeforeEach
    void makeOrganization() {
        org = given.organization();
    }

    @Test
    void time_to_decision_is_told_by_kind_and_by_approvers() {
        for (int hours : List.of(1, 2, 3, 4, 10)) {
            decided(Duration.ofHours(hours));
        }

        JsonNode report = report(org.owner());

        JsonNode clusters = report.at("/requests/0");
        assertThat(clusters.path("entity_type").asText()).isEqualTo("cluster");
        assertThat(clusters.path("count").asLong()).isEqualTo(5);
        assertThat(clusters.path("median_seconds").asDouble()).isEqualTo(3 * 3600.0);
        assertThat(clusters.path("p90_seconds").asDouble()).isEqualTo(7.6 * 3600);
        JsonNode approvers = report.at("/stages/0");
        assertThat(approvers.path("required_permission").asText()).isEqualTo("cluster.approve");
        assertThat(approvers.path("team_scope").asText()).isEqualTo("any");
        assertThat(approvers.path("median_seconds").asDouble()).isEqualTo(3 * 3600.0);
    }

    @Test
    void second_stage_is_timed_from_the_decision_on_the_first() {
        String second = given.person("second");
        given.member(org.id(), second, OrganizationRole.OWNER);
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), twoStages());
        Instant submitted = Instant.now().minus(Duration.ofHours(9));
        decide(org.owner(), request, 1);
        decide(second, request, 2);
        setTimes(request, submitted, Duration.ofHours(2), Duration.ofHours(8));

        JsonNode report = report(org.owner());

        assertThat(report.at("/requests/0/median_seconds").asDouble()).isEqualTo(8 * 3600.0);
        // Two hours, and from there six more.
        assertThat(report.at("/stages/0/count").asLong()).isEqualTo(2);
        assertThat(report.at("/stages/0/median_seconds").asDouble()).isEqualTo(4 * 3600.0);
    }

    @Test
    void weeks_without_decisions_are_there_too() {
        decided(Duration.ofMinutes(30));

        JsonNode weeks = as(org.owner())
                .get("/api/v1/insights?weeks=4&scope=" + org.scope())
                .expect(200)
                .json()
                .path("weeks");

        assertThat(weeks).hasSize(4);
        assertThat(weeks.at("/0/count").asLong()).isZero();
        assertThat(weeks.at("/0/median_seconds").isNull()).isTrue();
        assertThat(weeks.at("/3/count").asLong()).isEqualTo(1);
        assertThat(weeks.at("/3/p90_seconds").asDouble()).isEqualTo(1800.0);
    }

    @Test
    void waiting_requests_are_counted_by_age() {
        request();
        for (Duration age : List.of(Duration.ofHours(3), Duration.ofDays(2), Duration.ofDays(5), Duration.ofDays(30))) {
            jdbc.sql("update approvals set submitted_at = now() - make_interval(secs => ?) where id = ?")
                    .params(age.toSeconds(), request().id().value())
                    .update();
        }

        JsonNode pending = report(org.owner()).path("pending");

        assertThat(pending.findValuesAsText("age"))
                .containsExactly("under_an_hour", "under_a_day", "under_three_days", "under_a_week", "older");
        assertThat(pending.findValuesAsText("count")).containsOnly("1");
        assertThat(pending.findValuesAsText("entity_type")).containsOnly("cluster");
    }

    @Test
    void stuck_requests_are_told_with_the_reason() {
        Approval stuck = given.request(
                ClusterRequests.TYPE, org.scope(), org.owner(), Policy.singleStage(Permission.CLUSTER_APPROVE));

        JsonNode report = report(org.viewer());

        assertThat(report.at("/stuck/count").asLong()).isEqualTo(1);
        assertThat(report.at("/stuck/oldest/0/approval_id").asText())
                .isEqualTo(stuck.id().toString());
        assertThat(report.at("/stuck/oldest/0/reason").asText()).isNotBlank();
    }

    @Test
    void figures_are_of_what_the_reader_may_see() {
        decided(Duration.ofHours(1));
        request();
        String stranger = given.person("stranger");

        JsonNode nothing = as(stranger).get("/api/v1/insights").expect(200).json();
        assertThat(nothing.path("requests")).isEmpty();
        assertThat(nothing.path("pending")).isEmpty();
        assertThat(nothing.path("failed_jobs").isNull()).isTrue();
        as(stranger).get("/api/v1/insights?scope=" + org.scope()).expectProblem(404, "not_found");
        JsonNode own = as(org.viewer()).get("/api/v1/insights").expect(200).json();
        assertThat(own.at("/requests/0/count").asLong()).isEqualTo(1);
        JsonNode all = as("superadmin").get("/api/v1/insights").expect(200).json();
        assertThat(all.at("/requests/0/count").asLong()).isPositive();
        assertThat(all.path("failed_jobs").isArray()).isTrue();
        assertThat(as("superadmin")
                        .get("/api/v1/insights?scope=" + org.scope())
                        .expect(200)
                        .at("/requests/0/count"))
                .isEqualTo("1");
    }

    @Test
    void wrong_parameters_are_named() {
        assertThat(as(org.owner())
                        .get("/api/v1/insights?weeks=0")
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("weeks");
        for (String scope : List.of("acme", "planet:earth")) {
            assertThat(as(org.owner())
                            .get("/api/v1/insights?scope=" + scope)
                            .expectProblem(422, "invalid_input")
                            .at("/errors/0/field"))
                    .isEqualTo("scope");
        }
    }

    private static Policy twoStages() {
        return new Policy(
                List.of(
                        new Policy.StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, 1),
                        new Policy.StagePolicy(2, Permission.CLUSTER_APPROVE, TeamScope.ANY, 1)),
                true);
    }

    private JsonNode report(String reader) {
        return as(reader)
                .get("/api/v1/insights?scope=" + org.scope())
                .expect(200)
                .json();
    }

    private void decided(Duration after) {
        Approval request = request();
        decide(org.owner(), request, 1);
        setTimes(request, Instant.now().minus(after), after);
    }

    /** Moves a request and its decisions into the past. */
    private void setTimes(Approval request, Instant submitted, Duration... decisions) {
        for (int i = 0; i < decisions.length; i++) {
            jdbc.sql("update approval_decisions set decided_at = ? where stage_id = ?")
                    .params(
                            Timestamp.from(submitted.plus(decisions[i])),
                            request.stages().get(i).id().value())
                    .update();
        }
        jdbc.sql("update approvals set submitted_at = ?, closed_at = ? where id = ?")
                .params(
                        Timestamp.from(submitted),
                        Timestamp.from(submitted.plus(decisions[decisions.length - 1])),
                        request.id().value())
                .update();
    }

    private void decide(String person, Approval request, int order) {
        as(person)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(order - 1).id() + "/approve",
                        Map.of())
                .expect(200);
    }

    private Approval request() {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
    }
}
