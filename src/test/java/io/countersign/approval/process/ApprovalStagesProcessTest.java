package io.countersign.approval.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.jobQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.task;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.taskQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.taskService;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.Stage;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.deciding.Decisions;
import io.countersign.cluster.ClusterRequests;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.outbox.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Every path through {@code approval-stages.bpmn}. */
class ApprovalStagesProcessTest extends ProcessTest {

    private static final Policy THREE_STAGES = stages(1, 1, 1);

    @Autowired
    private Decisions decisions;

    @Autowired
    private Notifications notifications;

    private Org org;
    private String secondOwner;
    private String thirdOwner;

    /** An admin of an organization with three owners asks for something. */
    private Approval request(Policy policy) {
        org = given.organization();
        secondOwner = owner();
        thirdOwner = owner();
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), policy);
    }

    @AfterEach
    void resetEngineClock() {
        ClockUtil.reset();
    }

    @Test
    void approvers_are_notified_as_the_stage_opens() {
        Approval request = request(stages(1));

        ProcessInstance instance = stagesOf(request.id());

        assertThat(instance).isStarted().hasPassed("notify-approvers").isWaitingAt("decide-stage");
        assertThat(notified(request)).containsExactlyInAnyOrder(org.owner(), secondOwner, thirdOwner);
        assertThat(job(instance)).isNull();
    }

    @Test
    void approval_of_the_only_stage_approves_the_request() {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());

        approve(org.owner(), request.id());

        assertThat(instance)
                .hasPassedInOrder("approval-requested", "decide-stage", "notify-requester", "approval-decided")
                .isEnded();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void stages_open_one_after_the_other() {
        Approval request = request(THREE_STAGES);
        ProcessInstance instance = stagesOf(request.id());

        for (int stage = 1; stage <= 3; stage++) {
            assertThat(openTasks(instance)).hasSize(1);
            assertThat(taskService().getVariable(task(instance).getId(), "stage"))
                    .isEqualTo("Stage " + stage + " of 3");
            approve(org.owner(), request.id());
        }

        assertThat(instance).hasPassed("approval-decided").isEnded();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void rejection_of_the_first_of_three_stages_ends_them_all() {
        Approval request = request(THREE_STAGES);
        ProcessInstance instance = stagesOf(request.id());

        reject(org.owner(), request.id(), "too expensive");

        assertThat(instance)
                .hasPassedInOrder("decide-stage", "notify-requester", "approval-decided")
                .isEnded();
        Approval rejected = approvals.get(request.id());
        assertThat(rejected.status()).isEqualTo(ApprovalStatus.REJECTED);
        assertThat(rejected.stages())
                .extracting(Stage::status)
                .containsExactly(StageStatus.REJECTED, StageStatus.PENDING, StageStatus.PENDING);
    }

    @Test
    void stage_that_asks_for_several_people_comes_back_until_they_have_approved() {
        Approval request = request(stages(3));
        ProcessInstance instance = stagesOf(request.id());

        approve(org.owner(), request.id());
        assertThat(instance).isWaitingAt("decide-stage");
        approve(secondOwner, request.id());
        assertThat(instance).isWaitingAt("decide-stage").hasNotPassed("more-stages");
        approve(thirdOwner, request.id());

        assertThat(instance).hasPassed("more-stages", "approval-decided").isEnded();
        assertThat(approvals.get(request.id()).stage(1).decisions()).hasSize(3);
    }

    @Test
    void one_of_several_people_may_reject() {
        Approval request = request(stages(2, 1));
        ProcessInstance instance = stagesOf(request.id());

        approve(org.owner(), request.id());
        reject(secondOwner, request.id(), "not this year");

        assertThat(instance).isEnded();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void approvers_of_a_stage_are_notified_once_however_many_must_approve() {
        Approval request = request(stages(2));
        ProcessInstance instance = stagesOf(request.id());

        approve(org.owner(), request.id());

        assertThat(instance).isWaitingAt("decide-stage");
        assertThat(notified(request)).containsExactlyInAnyOrder(org.owner(), secondOwner, thirdOwner);
    }

    @Test
    void approver_hears_of_the_answer_though_the_stage_lacks_a_second_one() {
        org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), stages(2));
        assertThat(approvals.get(request.id()).stuckReason()).isPresent();
        as(org.owner(), () -> decisions.ask(request.id(), request.stage(1).id(), "What for?"));

        as(org.admin(), () -> decisions.answer(request.id(), "For the shop."));

        assertThat(notifications.about(request.id()))
                .filteredOn(told -> told.subject().startsWith("Answered, approval needed"))
                .singleElement()
                .satisfies(told -> assertThat(told.people()).containsExactly(new UserId(org.owner())));
    }

    @Test
    void cancellation_ends_the_open_stage() {
        Approval request = request(THREE_STAGES);
        ProcessInstance instance = stagesOf(request.id());

        as(org.admin(), () -> decisions.cancel(request.id()));

        assertThat(instance)
                .hasPassedInOrder("request-changed", "still-pending", "notify-of-cancellation", "approval-cancelled")
                .hasNotPassed("more-stages", "notify-requester")
                .isEnded();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.CANCELLED);
    }

    @Test
    void refused_decision_leaves_the_task_as_it_was() {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());
        Task before = task(instance);

        assertThatThrownBy(() -> approve(org.admin(), request.id()))
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("self_approval");
        assertThatThrownBy(() -> approve(org.developer(), request.id()))
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("missing_permission");

        assertThat(instance).isWaitingAt("decide-stage").variables().doesNotContainKeys("decision", "comment");
        assertThat(task(instance).getId()).isEqualTo(before.getId());
        assertThat(approvals.get(request.id()).stage(1).decisions()).isEmpty();
    }

    @Test
    void task_completed_without_a_decision_is_refused() {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());

        assertThatThrownBy(() -> as(
                        org.owner(), () -> taskService().complete(task(instance).getId(), Map.of("comment", "hm"))))
                .hasMessageContaining("\"approve\", \"reject\" or \"ask\"");

        assertThat(instance).isWaitingAt("decide-stage");
    }

    @Test
    void decision_of_one_stage_does_not_reach_the_next() {
        Approval request = request(stages(1, 1));
        ProcessInstance instance = stagesOf(request.id());

        approve(org.owner(), request.id());

        assertThatThrownBy(() -> as(
                        org.owner(), () -> taskService().complete(task(instance).getId())))
                .hasMessageContaining("\"approve\", \"reject\" or \"ask\"");
        assertThat(instance).isWaitingAt("decide-stage").variables().doesNotContainKeys("decision", "comment");
    }

    @Test
    void variables_written_into_the_process_change_nothing() {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());

        runtimeService()
                .setVariables(instance.getId(), Map.of("decision", "approve", "approved", true, "status", "approved"));
        reject(org.owner(), request.id(), "no");

        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.REJECTED);
    }

    @RepeatedTest(5)
    void of_two_people_who_decide_at_once_only_one_does() throws Exception {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());
        String task = task("decide-stage", instance).getId();
        TaskService tasks = taskService();

        List<Optional<Throwable>> failures = atOnce(
                () -> as(org.owner(), () -> tasks.complete(task, Map.of("decision", "approve"))),
                () -> as(secondOwner, () -> tasks.complete(task, Map.of("decision", "approve"))));

        assertThat(failures.stream().flatMap(Optional::stream))
                .singleElement()
                .isInstanceOf(ProcessEngineException.class);
        assertThat(approvals.get(request.id()).stage(1).decisions()).hasSize(1);
        assertThat(instance).isEnded();
    }

    @RepeatedTest(5)
    void decision_and_cancellation_at_once_come_one_after_the_other() throws Exception {
        Approval request = request(stages(1, 1));
        ProcessInstance instance = stagesOf(request.id());

        List<Optional<Throwable>> failures = atOnce(
                () -> as(org.admin(), () -> decisions.cancel(request.id())), () -> approve(org.owner(), request.id()));

        assertThat(failures.get(0)).isEmpty();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.CANCELLED);
        assertThat(approvals.get(request.id()).stage(1).decisions())
                .hasSize(failures.get(1).isEmpty() ? 1 : 0);
        assertThat(instance).isEnded();
    }

    @Test
    void request_waits_for_years() {
        Approval request = request(stages(1));
        ProcessInstance instance = stagesOf(request.id());

        ClockUtil.setCurrentTime(Date.from(Instant.now().plus(Duration.ofDays(5 * 365))));

        assertThat(jobQuery().processInstanceId(instance.getId()).count()).isZero();
        assertThat(instance).isWaitingAt("decide-stage");
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.PENDING);
        approve(org.owner(), request.id());
        assertThat(instance).isEnded();
        assertThat(statusOf(request)).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void task_is_in_the_inboxes_of_the_stages_team_scope() {
        String project = given.project(given.person("owner"));
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        Approval request = given.request(
                AttachmentRequests.TYPE,
                Scope.project(project),
                editor,
                new Policy(
                        List.of(
                                stage(1, Permission.CLIENT_APPROVE, TeamScope.OTHER_TEAM, 1),
                                stage(2, Permission.CLIENT_APPROVE, TeamScope.SUBMITTER_TEAM, 1),
                                stage(3, Permission.CLIENT_APPROVE, TeamScope.ANY, 1)),
                        false));
        given.team(project, "payments");
        String otherTeam = given.member(project, ProjectRole.APPROVER, "payments");
        String ownTeam = given.member(project, ProjectRole.APPROVER, "web");
        String scope = "project:" + project;

        assertThat(candidateGroups(request))
                .containsExactlyInAnyOrder(scope + ":client.approve:not:web", scope + ":owner");
        approve(otherTeam, request.id());
        assertThat(candidateGroups(request))
                .containsExactlyInAnyOrder(scope + ":client.approve:in:web", scope + ":owner");
        approve(ownTeam, request.id());
        assertThat(candidateGroups(request)).containsExactly(scope + ":client.approve");
    }

    /** @return why each deed failed, if it did, when both begin at the same moment in threads of their own */
    private static List<Optional<Throwable>> atOnce(Runnable one, Runnable other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<?>> futures = new ArrayList<>();
        for (Runnable deed : List.of(one, other)) {
            futures.add(threads.submit(() -> {
                start.await();
                deed.run();
                return null;
            }));
        }
        threads.shutdown();
        List<Optional<Throwable>> failures = new ArrayList<>();
        for (Future<?> future : futures) {
            try {
                future.get();
                failures.add(Optional.empty());
            } catch (ExecutionException e) {
                failures.add(Optional.of(e.getCause()));
            }
        }
        return failures;
    }

    private static List<String> candidateGroups(Approval request) {
        return taskService()
                .getIdentityLinksForTask(task(stagesOf(request.id())).getId())
                .stream()
                .map(IdentityLink::getGroupId)
                .toList();
    }

    /** @return who was asked for a decision */
    private List<String> notified(Approval request) {
        return notifications.about(request.id()).stream()
                .flatMap(told -> told.people().stream())
                .map(UserId::value)
                .toList();
    }

    private static List<Task> openTasks(ProcessInstance instance) {
        return taskQuery().processInstanceId(instance.getId()).list();
    }

    private ApprovalStatus statusOf(Approval request) {
        return approvals.get(request.id()).status();
    }

    private String owner() {
        String person = given.person("owner");
        given.member(org.id(), person, OrganizationRole.OWNER);
        return person;
    }

    /** A policy of stages that each ask for that many owners. */
    private static Policy stages(int... minApprovers) {
        List<StagePolicy> stages = new ArrayList<>();
        for (int approvers : minApprovers) {
            stages.add(stage(stages.size() + 1, Permission.CLUSTER_APPROVE, TeamScope.ANY, approvers));
        }
        return new Policy(stages, false);
    }

    private static StagePolicy stage(int order, Permission permission, TeamScope scope, int approvers) {
        return new StagePolicy(order, permission, scope, approvers);
    }
}
