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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** "More information, please": handing a request back to its submitter without ending it. */
class QuestionsTest extends ServerTest {

    private Org org;
    private String secondOwner;
    private Approval request;

    @BeforeEach
    void request_with_two_owners_to_decide() {
        org = given.organization();
        secondOwner = given.person("owner");
        given.member(org.id(), secondOwner, OrganizationRole.OWNER);
        request = given.request(
                ClusterRequests.TYPE,
                org.scope(),
                org.admin(),
                new Policy(List.of(new StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, 1)), false));
    }

    @Test
    void question_hands_the_request_back_and_its_answer_returns_it_to_the_same_stage() {
        var asked = ask(org.owner(), "How many users?").expect(200);
        assertThat(asked.at("/status")).isEqualTo("pending");
        assertThat(asked.at("/waiting_for")).isEqualTo("submitter");
        assertThat(asked.at("/questions/0/asked_by")).isEqualTo(org.owner());

        var answered = answer(org.admin(), "About 300.").expect(200);

        assertThat(answered.at("/waiting_for")).isEqualTo("approvers");
        assertThat(answered.at("/questions/0/answer")).isEqualTo("About 300.");
        assertThat(answered.at("/content_hash")).isEqualTo(request.contentHash());
        assertThat(as(secondOwner).post(stage("approve"), Map.of()).expect(200).at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void nothing_is_decided_while_the_submitter_is_asked() {
        ask(org.owner(), "Why?").expect(200);

        as(secondOwner).post(stage("approve"), Map.of()).expectProblem(409, "waiting_for_submitter");
        as(org.owner())
                .post(stage("reject"), Map.of("comment", "no answer"))
                .expectProblem(409, "waiting_for_submitter");
        ask(secondOwner, "And why now?").expectProblem(409, "waiting_for_submitter");
        assertThat(as(secondOwner)
                        .get("/api/v1/approvals?decidable=true")
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void only_those_who_may_decide_ask() {
        ask(org.developer(), "Why?").expectProblem(403, "missing_permission");
        ask(org.admin(), "Why?").expectProblem(403, "self_approval");
        ask(org.owner(), "").expectProblem(422, "invalid_input");
    }

    @Test
    void only_those_who_may_decide_ask_by_the_task() {
        Approval own = given.request(
                ClusterRequests.TYPE, org.scope(), org.owner(), Policy.singleStage(Permission.CLUSTER_APPROVE));
        String task = as(org.owner())
                .get("/engine-rest/task?processInstanceBusinessKey=" + own.entityName())
                .expect(200)
                .at("/0/id");

        var refused = as(org.owner())
                .post(
                        "/engine-rest/task/" + task + "/submit-form",
                        variables("decision", "ask", "comment", "May I approve it myself?"))
                .expect(403);

        assertThat(refused.text()).contains("self_approval");
        assertThat(as(org.owner())
                        .get("/api/v1/approvals/" + own.id())
                        .expect(200)
                        .json()
                        .get("questions"))
                .isEmpty();
    }

    @Test
    void approvers_are_asked_again_once_a_question_is_answered() {
        awaitMails("Approval needed");
        ask(org.owner(), "How many users?").expect(200);
        answer(org.admin(), "About 300.").expect(200);
        awaitMails("Approval needed", "Answered, approval needed");
        ask(org.owner(), "And when?").expect(200);
        answer(org.admin(), "Tomorrow.").expect(200);

        awaitMails("Approval needed", "Answered, approval needed", "Answered, approval needed");
    }

    private void awaitMails(String... subjects) {
        await().untilAsserted(() -> assertThat(MAIL.getReceivedMessagesForDomain(secondOwner + "@example.com"))
                .extracting(mail -> mail.getSubject().replaceAll(":.*", ""))
                .containsExactlyInAnyOrder(subjects));
    }

    @Test
    void only_the_submitter_answers() {
        answer(org.admin(), "unasked").expectProblem(409, "no_question");
        ask(org.owner(), "Why?").expect(200);

        answer(org.owner(), "Because.").expectProblem(403, "missing_permission");
        answer(org.developer(), "Because.").expectProblem(403, "missing_permission");
        answer(org.admin(), " ").expectProblem(422, "invalid_input");
    }

    @Test
    void approver_withdraws_a_question_and_decides() {
        ask(org.owner(), "Why?").expect(200);
        withdraw(org.developer()).expectProblem(403, "missing_permission");

        var withdrawn = withdraw(secondOwner).expect(200);

        assertThat(withdrawn.at("/waiting_for")).isEqualTo("approvers");
        assertThat(withdrawn.json().at("/questions/0/answer").isNull()).isTrue();
        as(secondOwner).post(stage("approve"), Map.of()).expect(200);
    }

    @Test
    void submitter_answers_in_tasklist() {
        String decision = taskOf(org.owner());
        as(org.owner())
                .post(
                        "/engine-rest/task/" + decision + "/submit-form",
                        variables("decision", "ask", "comment", "Which region?"))
                .expect(204);
        String task = taskOf(org.admin());
        var shown = as(org.admin())
                .get("/engine-rest/task/" + task + "/form-variables")
                .expect(200);
        assertThat(shown.at("/question/value")).isEqualTo("Which region?");
        assertThat(shown.at("/askedBy/value")).isEqualTo(org.owner());

        as(org.admin())
                .post("/engine-rest/task/" + task + "/submit-form", variables("answer", "eu-west-1"))
                .expect(204);

        var shownNext = as(org.owner())
                .get("/engine-rest/task/" + taskOf(org.owner()) + "/form-variables")
                .expect(200);
        assertThat(shownNext.at("/earlierDecisions/value")).contains("Which region?", "eu-west-1");
    }

    @Test
    void others_neither_see_nor_complete_the_submitters_task() {
        ask(org.owner(), "Why?").expect(200);
        String task = taskOf(org.admin());

        as(org.developer())
                .post("/engine-rest/task/" + task + "/complete", variables("answer", "Because."))
                .expect(404);

        assertThat(as(org.owner())
                        .get("/api/v1/approvals/" + request.id())
                        .expect(200)
                        .at("/waiting_for"))
                .isEqualTo("submitter");
    }

    @Test
    void request_is_cancelled_while_its_submitter_is_asked() {
        ask(org.owner(), "Why?").expect(200);

        var cancelled = as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", null)
                .expect(200);

        assertThat(cancelled.at("/status")).isEqualTo("cancelled");
        assertThat(cancelled.json().at("/questions/0/closed_at").isNull()).isFalse();
        answer(org.admin(), "late").expectProblem(409, "no_question");
    }

    @Test
    void trail_holds_question_and_answer() {
        ask(org.owner(), "Why?").expect(200);
        answer(org.admin(), "Because.").expect(200);

        var trail = as(org.owner())
                .get("/api/v1/audit?entity_type=cluster&entity_id=" + request.entityId())
                .expect(200);

        assertThat(trail.at("/items/0/action")).isEqualTo("answer");
        assertThat(trail.at("/items/0/details/answer")).isEqualTo("Because.");
        assertThat(trail.at("/items/1/action")).isEqualTo("ask");
    }

    private io.countersign.Client.Answer ask(String user, String question) {
        return as(user).post(stage("ask"), Map.of("question", question));
    }

    private io.countersign.Client.Answer answer(String user, String answer) {
        return as(user).post("/api/v1/approvals/" + request.id() + "/answer", Map.of("answer", answer));
    }

    private io.countersign.Client.Answer withdraw(String user) {
        return as(user).post("/api/v1/approvals/" + request.id() + "/withdraw-question", null);
    }

    private String taskOf(String user) {
        return as(user).get("/engine-rest/task?processInstanceBusinessKey=" + request.entityName())
                .expect(200)
                .at("/0/id");
    }

    private static Map<String, Object> variables(String... namesAndValues) {
        Map<String, Object> variables = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], Map.of("value", namesAndValues[i + 1]));
        }
        return Map.of("variables", variables);
    }

    private String stage(String deed) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(1).id() + "/" + deed;
    }
}
