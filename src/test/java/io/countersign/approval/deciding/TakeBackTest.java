package io.countersign.approval.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Taking back one's own approval until something of the request is carried out. */
class TakeBackTest extends ServerTest {

    @Autowired
    private JdbcClient jdbc;

    private Org org;
    private String secondOwner;

    @BeforeEach
    void organizationWithTwoOwners() {
        org = given.organization();
        secondOwner = given.person("owner");
        given.member(org.id(), secondOwner, OrganizationRole.OWNER);
    }

    @Test
    void stage_is_open_again_and_the_later_one_waits() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);

        var answer = as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "looked at the wrong region"))
                .expect(200);

        assertThat(answer.at("/status")).isEqualTo("pending");
        assertThat(answer.at("/stages/0/status")).isEqualTo("pending");
        assertThat(answer.json().at("/stages/0/decisions")).isEmpty();
        assertThat(answer.at("/stages/0/former_decisions/0/decided_by")).isEqualTo(org.owner());
        assertThat(answer.at("/stages/0/former_decisions/0/ended")).isEqualTo("taken_back");
        assertThat(answer.at("/stages/0/former_decisions/0/reason")).isEqualTo("looked at the wrong region");
        as(secondOwner).post(stage(request, 2, "approve"), Map.of()).expectProblem(409, "stage_not_open");
    }

    @Test
    void request_is_approved_once_every_stage_is_approved_again() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "too early"))
                .expect(200);

        as(secondOwner).post(stage(request, 1, "approve"), Map.of()).expect(200);
        assertThat(as(org.owner())
                        .post(stage(request, 2, "approve"), Map.of())
                        .expect(200)
                        .at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void one_of_several_approvals_of_the_open_stage_is_taken_back() {
        Approval request = request(2);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "on second thoughts"))
                .expect(200);

        assertThat(as(secondOwner)
                        .post(stage(request, 1, "approve"), Map.of())
                        .expect(200)
                        .at("/status"))
                .as("one approval of two")
                .isEqualTo("pending");
        assertThat(as(org.owner())
                        .post(stage(request, 1, "approve"), Map.of())
                        .expect(200)
                        .at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void decision_of_a_later_stage_never_stands_without_its_predecessor() {
        Approval request = request(1, 1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        as(secondOwner).post(stage(request, 2, "approve"), Map.of()).expect(200);

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expectProblem(409, "later_stage_decided");
        as(secondOwner)
                .post(stage(request, 2, "take-back"), Map.of("reason", "no"))
                .expect(200);
        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expect(200);
    }

    @Test
    void nobody_takes_back_what_somebody_else_approved() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);

        as(secondOwner)
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expectProblem(403, "not_your_decision");
        as(given.person("stranger"))
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expectProblem(404, "not_found");
    }

    @Test
    void question_of_a_later_stage_ends_with_what_is_taken_back() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        as(secondOwner)
                .post(stage(request, 2, "ask"), Map.of("question", "Why?"))
                .expect(200);

        var answer = as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "too early"))
                .expect(200);

        assertThat(answer.at("/waiting_for")).isEqualTo("approvers");
        assertThat(answer.at("/questions/0/closed_by")).isEqualTo(org.owner());
        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/answer", Map.of("answer", "late"))
                .expectProblem(409, "no_question");
        as(secondOwner).post(stage(request, 1, "approve"), Map.of()).expect(200);
    }

    @Test
    void nothing_is_taken_back_once_the_process_was_ended() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        endProcess("approval-stages", request.id().toString());

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "too late"))
                .expectProblem(409, "process_ended");

        assertThat(as(org.owner())
                        .get("/api/v1/approvals/" + request.id())
                        .expect(200)
                        .at("/stages/0/status"))
                .isEqualTo("approved");
    }

    @Test
    void taking_back_needs_a_reason() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);

        var answer = as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", " "))
                .expectProblem(422, "invalid_input");

        assertThat(answer.at("/errors/0/field")).isEqualTo("reason");
    }

    @Test
    void approved_request_is_pending_again_as_long_as_nothing_is_carried_out() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        as(secondOwner).post(stage(request, 2, "approve"), Map.of()).expect(200);

        var answer = as(secondOwner)
                .post(stage(request, 2, "take-back"), Map.of("reason", "too early"))
                .expect(200);

        assertThat(answer.at("/status")).isEqualTo("pending");
        assertThat(answer.at("/stages/0/status")).isEqualTo("approved");
        assertThat(answer.at("/stages/1/status")).isEqualTo("pending");
        assertThat(as(secondOwner)
                        .post(stage(request, 2, "approve"), Map.of())
                        .expect(200)
                        .at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void request_that_is_carried_out_is_past_taking_back() {
        Approval request = request(1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        jdbc.sql("update approvals set carried_out_at = now() where id = ?")
                .param(request.id().value())
                .update();

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expectProblem(409, "already_decided");
    }

    @Test
    void task_of_the_later_stage_is_gone_from_every_inbox() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        String later = task(request);

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "no"))
                .expect(200);

        as(secondOwner)
                .post("/engine-rest/task/" + later + "/complete", Map.of())
                .expect(404);
        assertThat(task(request)).isNotEqualTo(later);
        assertThat(as(org.owner())
                        .get("/engine-rest/task/" + task(request) + "/form-variables")
                        .expect(200)
                        .at("/earlierDecisions/value"))
                .contains("approve by " + org.owner(), "taken back: no");
    }

    @Test
    void trail_says_who_took_back_what_and_why() {
        Approval request = request(1, 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "wrong region"))
                .expect(200);

        var entry = as(org.owner())
                .get("/api/v1/audit?entity_type=cluster&entity_id=" + request.entityId())
                .expect(200);

        assertThat(entry.at("/items/0/action")).isEqualTo("take_back");
        assertThat(entry.at("/items/0/actor")).isEqualTo(org.owner());
        assertThat(entry.at("/items/0/details/reason")).isEqualTo("wrong region");
    }

    @Test
    void approvers_are_asked_anew_and_the_submitter_is_told() {
        Approval request = request(1, 1);
        await().until(() -> mails(secondOwner, "Approval needed") == 1);
        as(org.owner()).post(stage(request, 1, "approve"), Map.of()).expect(200);
        await().until(() -> mails(secondOwner, "Approval needed") == 2);

        as(org.owner())
                .post(stage(request, 1, "take-back"), Map.of("reason", "wrong region"))
                .expect(200);

        await().until(() -> mails(secondOwner, "Approval needed") == 3);
        await().until(() -> mails(org.admin(), "Approval taken back") == 1);
    }

    private static long mails(String user, String subject) {
        return java.util.Arrays.stream(MAIL.getReceivedMessagesForDomain(user + "@example.com"))
                .filter(mail -> {
                    try {
                        return mail.getSubject().startsWith(subject);
                    } catch (jakarta.mail.MessagingException e) {
                        throw new AssertionError(e);
                    }
                })
                .count();
    }

    private String task(Approval request) {
        return as(org.owner())
                .get("/engine-rest/task?processInstanceBusinessKey=" + request.entityName())
                .expect(200)
                .at("/0/id");
    }

    private Approval request(int... minApprovers) {
        List<StagePolicy> stages = IntStream.range(0, minApprovers.length)
                .mapToObj(i -> new StagePolicy(i + 1, Permission.CLUSTER_APPROVE, TeamScope.ANY, minApprovers[i]))
                .toList();
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), new Policy(stages, false));
    }

    private static String stage(Approval request, int order, String deed) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(order).id() + "/" + deed;
    }
}
