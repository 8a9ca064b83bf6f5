package io.countersign.approval.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.managementService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.repositoryService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.taskService;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.NotApproved;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.waiting.WaitingProperties;
import io.countersign.cluster.ClusterRequests;
import io.countersign.engine.jobs.EngineOperations;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Requests that wait long: {@code overdue-sweep.bpmn} and what its sweep does. */
class OverdueSweepTest extends ProcessTest {

    @Autowired
    private DecisionRights rights;

    @Autowired
    private EngineOperations work;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private Decisions decisions;

    private Org org;

    @BeforeEach
    void organization() {
        org = given.organization();
    }

    @Test
    void approvers_are_reminded_once_in_each_interval() {
        Approval request = request(new WaitingPolicy("PT1H", null, null, null));
        sweep();
        assertThat(deliveries(request, "Reminder")).isZero();

        waited(request, "2 hours");
        sweep();
        sweep();

        assertThat(deliveries(request, "Reminder")).isOne();
        assertThat(approvals.get(request.id()).stage(1).remindedAt()).isPresent();
        waited(request, "2 hours");
        sweep();
        assertThat(deliveries(request, "Reminder")).isEqualTo(2);
    }

    @Test
    void request_is_reminded_of_by_the_servers_setting_if_its_policy_says_nothing() {
        Approval request = request(WaitingPolicy.NONE);

        waited(request, "4 days");
        sweep();

        assertThat(deliveries(request, "Reminder")).isOne();
    }

    @Test
    void zero_in_the_policy_switches_reminders_off() {
        Approval request = request(new WaitingPolicy("PT0S", null, null, null));

        waited(request, "400 days");
        sweep();

        assertThat(deliveries(request, "Reminder")).isZero();
    }

    @Test
    void named_group_may_decide_once_the_stage_waited_too_long_and_only_then() {
        Approval request = request(new WaitingPolicy(null, "PT1H", "role:developer", null));
        assertThatThrownBy(() -> approve(org.developer(), request.id())).hasMessageContaining("missing_permission");

        waited(request, "2 hours");
        sweep();

        Approval escalated = approvals.get(request.id());
        assertThat(escalated.status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(rights.eligible(escalated, escalated.stage(1)))
                .contains(new UserId(org.developer()), new UserId(org.owner()))
                .doesNotContain(new UserId(org.viewer()), new UserId(org.admin()));
        assertThat(taskService()
                        .getIdentityLinksForTask(escalated.stage(1).taskId().orElseThrow()))
                .anyMatch(link -> (escalated.scope() + ":role=developer").equals(link.getGroupId()));
        assertThat(waitsFor(org.developer(), request)).isTrue();
        approve(org.developer(), request.id());
        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void what_a_server_that_died_left_to_look_at_is_looked_at_by_the_sweep() {
        Approval request = request(WaitingPolicy.NONE);
        jdbc.sql("update approvals set stuck_reason = 'Nobody was there.' where id = ?")
                .param(request.id().value())
                .update();
        jdbc.sql("insert into approvals_to_assess (approval_id) values (?)")
                .param(request.id().value())
                .update();

        sweep();

        assertThat(approvals.get(request.id()).stuckReason()).isEmpty();
        assertThat(jdbc.sql("select count(*) from approvals_to_assess where approval_id = ?")
                        .param(request.id().value())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest(name = "reminders: {0}")
    @NullSource
    @ValueSource(strings = {"PT0S", "PT1H"})
    void later_stage_escalates_in_its_own_time_after_the_first_one_did(String reminders) {
        Approval request = request(new WaitingPolicy(reminders, "PT4H", "role:developer", null), 2);
        passed(request, "4 hours");
        sweep();
        assertThat(approvals.get(request.id()).stage(1).escalatedAt()).isPresent();
        passed(request, "30 minutes");
        approve(org.owner(), request.id());

        passed(request, "3 hours 59 minutes");
        sweep();
        assertThat(approvals.get(request.id()).stage(2).escalatedAt()).isEmpty();
        passed(request, "1 minute");
        sweep();

        assertThat(approvals.get(request.id()).stage(2).escalatedAt()).isPresent();
        approve(org.developer(), request.id());
        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @ParameterizedTest(name = "reminders: {0}")
    @NullSource
    @ValueSource(strings = "PT0S")
    void stage_escalates_after_the_answer_if_it_waited_long_enough_by_then(String reminders) {
        Approval request = request(new WaitingPolicy(reminders, "PT4H", "role:developer", null));
        ask(request);
        passed(request, "5 hours");
        sweep();
        assertThat(approvals.get(request.id()).stage(1).escalatedAt())
                .as("the submitter is to answer first")
                .isEmpty();

        answer(request);
        sweep();

        assertThat(approvals.get(request.id()).stage(1).escalatedAt()).isPresent();
    }

    @Test
    void stage_that_opens_again_escalates_in_its_time() {
        Approval request = request(new WaitingPolicy("PT0S", "PT4H", "role:developer", null), 2);
        passed(request, "4 hours");
        sweep();
        approve(org.owner(), request.id());
        passed(request, "4 hours");
        sweep();
        assertThat(approvals.get(request.id()).stage(2).escalatedAt()).isPresent();

        StageId first = request.stage(1).id();
        as(org.owner(), () -> decisions.takeBack(request.id(), first, "Looked at the wrong one"));
        assertThat(approvals.get(request.id()).stage(1).escalatedAt()).isEmpty();
        passed(request, "4 hours");
        sweep();

        assertThat(approvals.get(request.id()).stage(1).escalatedAt()).isPresent();
    }

    @Test
    void approvers_who_were_asked_anew_with_an_answer_are_not_reminded_right_after() {
        Approval request = request(new WaitingPolicy("PT2H", null, null, null));
        passed(request, "1 hour");
        ask(request);
        passed(request, "90 minutes");
        answer(request);

        sweep();
        assertThat(deliveries(request, "Reminder")).isZero();
        passed(request, "2 hours");
        sweep();

        assertThat(deliveries(request, "Reminder")).isOne();
    }

    @Test
    void escalation_never_lets_the_submitter_decide() {
        Approval request = request(new WaitingPolicy(null, "PT1H", "role:admin", null));

        waited(request, "2 hours");
        sweep();

        assertThatThrownBy(() -> approve(org.admin(), request.id())).hasMessageContaining("self_approval");
    }

    @Test
    void approval_that_was_not_used_in_time_must_be_given_again() {
        Approval request = request(new WaitingPolicy(null, null, null, "PT1H"));
        approve(org.owner(), request.id());
        jdbc.sql("update approvals set closed_at = closed_at - interval '2 hours' where id = ?")
                .param(request.id().value())
                .update();
        assertThatThrownBy(() -> carryOut(request))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("too long ago");

        due(request);
        sweep();

        Approval lapsed = approvals.get(request.id());
        assertThat(lapsed.status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(lapsed.stage(1).status()).isEqualTo(StageStatus.PENDING);
        assertThat(lapsed.stage(1).former())
                .extracting(FormerDecision::end)
                .containsExactly(FormerDecision.End.EXPIRED);
        assertThatThrownBy(() -> carryOut(request)).isInstanceOf(NotApproved.class);
        approve(org.owner(), request.id());
        carryOut(request);
        due(request);
        sweep();
        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"P7D", "p7d", "+P7D", "PT+168H", "-P-7D"})
    void approval_is_valid_as_long_as_its_policy_says_however_that_is_written(String sevenDays) {
        Approval request = request(new WaitingPolicy(null, null, null, sevenDays));

        approve(org.owner(), request.id());

        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
        passed(request, "6 days 23 hours");
        sweep();
        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
        passed(request, "1 hour");
        sweep();
        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.PENDING);
    }

    @Test
    void approval_that_was_carried_out_never_lapses() {
        Approval request = request(new WaitingPolicy(null, null, null, "PT1H"));
        approve(org.owner(), request.id());
        carryOut(request);
        jdbc.sql("update approvals set closed_at = closed_at - interval '2 hours' where id = ?")
                .param(request.id().value())
                .update();

        due(request);
        sweep();

        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
        carryOut(request);
    }

    @Test
    void request_that_cannot_be_attended_to_holds_up_no_other_and_is_tried_again() {
        Approval broken = request(new WaitingPolicy(null, "PT1H", "role:developer", null));
        Approval other = request(new WaitingPolicy("PT1H", null, null, null));
        String task = broken.stage(1).taskId().orElseThrow();
        task(broken, "gone");
        waited(broken, "3 hours");
        waited(other, "2 hours");

        sweep();

        assertThat(deliveries(other, "Reminder")).isOne();
        assertThat(approvals.get(broken.id()).stage(1).escalatedAt())
                .as("nothing is half done")
                .isEmpty();
        task(broken, task);
        due(broken);
        sweep();
        assertThat(approvals.get(broken.id()).stage(1).escalatedAt()).isPresent();
        assertThat(deliveries(other, "Reminder")).isOne();
    }

    @Test
    void clock_keeps_to_the_interval_that_is_set() {
        WaitingProperties often = new WaitingProperties(Duration.ofDays(3), Duration.ofSeconds(10));

        new SweepTimer(work, often).keep();

        assertThat(cycle()).isEqualTo("R/PT10S");
        sweep();
        assertThat(cycle()).as("as this server is set to").isEqualTo("R/PT1M");
        assertThatThrownBy(() -> new WaitingProperties(Duration.ofDays(3), Duration.ZERO))
                .hasMessageContaining("a second or more");
    }

    @Test
    void model_says_that_its_interval_is_a_setting() {
        BpmnModelInstance model = repositoryService().getBpmnModelInstance(model().getId());

        assertThat(model.getModelElementsByType(Process.class))
                .singleElement()
                .satisfies(process -> assertThat(
                                process.getDocumentations().iterator().next().getTextContent())
                        .contains("countersign.standing.interval")
                        .doesNotContain("once a minute"));
    }

    @Test
    void clock_of_an_older_model_does_not_run_beside_that_of_a_newer_one() {
        BpmnModelInstance model = repositoryService().getBpmnModelInstance(model().getId());
        String older = model().getId();
        model.getModelElementsByType(Process.class).iterator().next().setCamundaVersionTag("next");

        repositoryService()
                .createDeployment()
                .addModelInstance("overdue-sweep.bpmn", model)
                .deploy();
        new SweepTimer(work, new WaitingProperties(Duration.ofDays(3), Duration.ofSeconds(10))).keep();

        assertThat(model().getId()).isNotEqualTo(older);
        assertThat(cycle()).as("of the only clock").isEqualTo("R/PT10S");
        sweep();
    }

    private static ProcessDefinition model() {
        return repositoryService()
                .createProcessDefinitionQuery()
                .processDefinitionKey("overdue-sweep")
                .latestVersion()
                .singleResult();
    }

    private String cycle() {
        return jdbc.sql("select repeat_ from act_ru_job where process_def_key_ = 'overdue-sweep' and type_ = 'timer'")
                .query(String.class)
                .single();
    }

    private void task(Approval request, String id) {
        jdbc.sql("update approval_stages set task_id = ? where approval_id = ?")
                .params(id, request.id().value())
                .update();
    }

    /** Lets the clock's start event fire, as it does once a minute, and runs what it starts. */
    private static void sweep() {
        Job clock = managementService()
                .createJobQuery()
                .processDefinitionKey("overdue-sweep")
                .timers()
                .singleResult();
        managementService().executeJob(clock.getId());
        managementService()
                .createJobQuery()
                .processDefinitionKey("overdue-sweep")
                .messages()
                .list()
                .forEach(job -> managementService().executeJob(job.getId()));
        assertThat(runtimeService()
                        .createProcessInstanceQuery()
                        .processDefinitionKey("overdue-sweep")
                        .count())
                .isZero();
    }

    private void carryOut(Approval request) {
        transaction.executeWithoutResult(
                status -> approvals.carryOut(request.id(), Map.of("name", request.entityName(), "size", 3)));
    }

    /** Lets a stage have waited, as far as the record knows. */
    private void waited(Approval request, String interval) {
        jdbc.sql("""
                        update approval_stages
                        set opened_at = opened_at - ?::interval, reminded_at = reminded_at - ?::interval
                        where approval_id = ?""").params(interval, interval, request.id().value()).update();
        due(request);
    }

    /** Lets time pass for a request; when it is looked at next stays as far from the rest as it was. */
    private void passed(Approval request, String interval) {
        jdbc.sql("""
                        with stages as (
                            update approval_stages
                            set opened_at = opened_at - t.passed, reminded_at = reminded_at - t.passed,
                                escalated_at = escalated_at - t.passed
                            from (select ?::interval as passed) t where approval_id = ?
                        ), questions as (
                            update approval_questions
                            set asked_at = asked_at - t.passed, closed_at = closed_at - t.passed
                            from (select ?::interval as passed) t where approval_id = ?
                        )
                        update approvals
                        set submitted_at = submitted_at - t.passed, closed_at = closed_at - t.passed,
                            attention_due_at = attention_due_at - t.passed
                        from (select ?::interval as passed) t where id = ?""")
                .params(
                        interval,
                        request.id().value(),
                        interval,
                        request.id().value(),
                        interval,
                        request.id().value())
                .update();
    }

    private void ask(Approval request) {
        String task = approvals.get(request.id()).stage(1).taskId().orElseThrow();
        as(org.owner(), () -> taskService().complete(task, Map.of("decision", "ask", "comment", "What for?")));
    }

    private void answer(Approval request) {
        String task = approvals
                .get(request.id())
                .openQuestion()
                .orElseThrow()
                .taskId()
                .orElseThrow();
        as(org.admin(), () -> taskService().complete(task, Map.of("answer", "For the shop.")));
    }

    private void due(Approval request) {
        jdbc.sql("update approvals set attention_due_at = now() - interval '1 second' where id = ?")
                .param(request.id().value())
                .update();
    }

    private long deliveries(Approval request, String subject) {
        return jdbc.sql("""
                        select count(*) from notification_deliveries
                        where approval_id = ? and subject like ? and user_id = ?""")
                .params(request.id().value(), subject + "%", org.owner())
                .query(Long.class)
                .single();
    }

    private boolean waitsFor(String user, Approval request) {
        return approvals
                .list(new UserId(user), Approvals.Query.DECIDABLE, io.countersign.api.paging.PageRequest.of(null, null))
                .items()
                .stream()
                .map(Approval::id)
                .toList()
                .contains(request.id());
    }

    private Approval request(WaitingPolicy waiting) {
        return request(waiting, 1);
    }

    private Approval request(WaitingPolicy waiting, int stages) {
        ApprovalId id = given.request(
                        ClusterRequests.TYPE,
                        org.scope(),
                        org.admin(),
                        new Policy(
                                IntStream.rangeClosed(1, stages)
                                        .mapToObj(order ->
                                                new StagePolicy(order, Permission.CLUSTER_APPROVE, TeamScope.ANY, 1))
                                        .toList(),
                                false,
                                waiting))
                .id();
        return approvals.get(id);
    }
}
