package io.countersign.approval.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Requests whose process was ended while a version ran that took no notice of it. */
class UnnoticedEndsTest extends ServerTest {

    private static final Policy ONE_OWNER =
            new Policy(List.of(new StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, 1)), false);

    @Autowired
    private MissedProcessEnds ends;

    @Autowired
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private Org org;

    @BeforeEach
    void organization() {
        org = given.organization();
    }

    @Test
    void request_is_marked_once_and_can_be_cancelled() {
        Approval request = request();
        endUnnoticed(request);
        assertThat(approvals.get(request.id()).processEnded()).isFalse();

        ends.note();
        ends.note();

        assertThat(approvals.get(request.id()).processEnded()).isTrue();
        assertThat(as(given.superadmin())
                        .get("/api/v1/audit?entity_type=cluster&action=end_process&entity_id=" + request.entityId())
                        .expect(200)
                        .json()
                        .get("items"))
                .hasSize(2);
        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", null)
                .expect(200);
    }

    @Test
    void request_of_before_instances_were_recorded_is_marked() {
        Approval request = request();
        endUnnoticed(request);
        jdbc.sql("update approval_stages set process_instance_id = null where approval_id = ?")
                .param(request.id().value())
                .update();

        ends.note();

        assertThat(approvals.get(request.id()).processEnded()).isTrue();
    }

    @Test
    void request_that_waits_for_an_answer_is_marked_and_waits_no_more() {
        Approval request = request();
        ask(request);
        endUnnoticed(request);
        jdbc.sql("""
                        update approval_questions set closed_at = null, task_id = 'gone' where approval_id = ?""").param(request.id().value()).update();
        jdbc.sql("update approval_stages set task_id = null where approval_id = ?")
                .param(request.id().value())
                .update();
        assertThat(approvals.get(request.id()).openQuestion()).isPresent();

        ends.note();

        assertThat(approvals.get(request.id()).openQuestion()).isEmpty();
        assertThat(approvals.get(request.id()).processEnded()).isTrue();
    }

    @Test
    void request_whose_process_runs_is_left_alone() {
        Approval open = request();
        Approval asked = request();
        ask(asked);

        ends.note();

        assertThat(approvals.get(open.id()).stuckReason()).isEmpty();
        assertThat(approvals.get(asked.id()).openQuestion()).isPresent();
    }

    @Test
    void request_that_is_being_submitted_or_decided_at_that_moment_is_left_alone() {
        Approval decided = request();
        Approval submitted = transaction.execute(status -> {
            Approval request = request();
            elsewhere(ends::note);
            return request;
        });
        transaction.executeWithoutResult(status -> {
            approvals.withdraw(decided.id(), "It has lost its subject.");
            elsewhere(ends::note);
        });

        assertThat(approvals.get(submitted.id()).stuckReason()).isEmpty();
        assertThat(approvals.get(decided.id()).stuckReason()).isEmpty();
        as(org.owner()).post(stage(submitted) + "/approve", Map.of()).expect(200);
    }

    private Approval request() {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
    }

    private void ask(Approval request) {
        as(org.owner())
                .post(stage(request) + "/ask", Map.of("question", "How many nodes?"))
                .expect(200);
    }

    private static String stage(Approval request) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(1).id();
    }

    /** Ends the process and takes back what is noted of it: as it was when nothing was. */
    private void endUnnoticed(Approval request) {
        endProcess("approval-stages", request.id().toString());
        jdbc.sql("update approvals set stuck_reason = null where id = ?")
                .param(request.id().value())
                .update();
        jdbc.sql("update approval_stages set task_id = 'gone' where approval_id = ?")
                .param(request.id().value())
                .update();
    }

    private static void elsewhere(Runnable deed) {
        CompletableFuture.runAsync(deed).join();
    }
}
