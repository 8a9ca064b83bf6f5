package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import io.countersign.Client;
import io.countersign.SequenceFlows;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.AbstractAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Every path of {@code tenant-lifecycle.bpmn}, and what happens to those who leave the paths. */
class TenantLifecycleProcessTest extends TenantTest {

    @Autowired
    RuntimeService runtime;

    @Autowired
    TaskService tasks;

    @Autowired
    org.camunda.bpm.engine.ProcessEngine engine;

    @Autowired
    SequenceFlows flows;

    @BeforeEach
    void useEngine() {
        AbstractAssertions.init(engine);
    }

    @AfterEach
    void forgetEngine() {
        AbstractAssertions.reset();
    }

    @Test
    void approved_tenant_waits_for_a_suspension_and_comes_back() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        ProcessInstance instance = instance(tenant);
        assertThat(instance).isWaitingAt("approve-tenant");

        act(tenant, TenantEvent.APPROVE).expect(200);
        assertPassed(instance, "activate-tenant");
        assertThat(instance).isWaitingAt("suspension-requested");
        assertThat(status(tenant)).isEqualTo("active");

        act(tenant, TenantEvent.SUSPEND).expect(200);
        assertPassed(instance, "suspend-tenant");
        assertThat(instance).isWaitingAt("reactivation-requested");
        assertThat(status(tenant)).isEqualTo("suspended");

        act(tenant, TenantEvent.REACTIVATE).expect(200);
        assertPassed(instance, "reactivate-tenant");
        assertThat(instance).isWaitingAt("suspension-requested");
        assertThat(status(tenant)).isEqualTo("active");
    }

    @Test
    void rejected_tenant_ends_its_process() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        ProcessInstance instance = instance(tenant);

        act(tenant, TenantEvent.REJECT).expect(200);

        assertThat(instance).isEnded();
        assertPassed(instance, "approve-tenant");
        assertPassed(instance, "reject-tenant");
        assertPassed(instance, "tenant-rejected");
        assertThat(flows.takenBy(instance.getId())).noneMatch(flow -> touches(flow, "activate-tenant"));
    }

    @Test
    void registration_whose_process_was_ended_is_rejected_once_cancelled() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        String approval = as("superadmin").get(tenant.path()).expect(200).at("/approval_id");
        endProcess("tenant-lifecycle", approval);
        assertThat(status(tenant)).isEqualTo("pending_approval");

        as("superadmin").post("/api/v1/approvals/" + approval + "/cancel", null).expect(200);

        assertThat(status(tenant)).isEqualTo("rejected");
    }

    @Test
    void tenant_whose_process_was_ended_is_suspended_and_reactivated_all_the_same() {
        Registered tenant = tenant(orchestrator(), TenantStatus.ACTIVE);
        endLifecycle(tenant);
        as("admin").post(tenant.path() + "/suspend", Map.of()).expectProblem(403, "missing_permission");
        act(tenant, TenantEvent.REACTIVATE).expectProblem(409, "invalid_transition");

        act(tenant, TenantEvent.SUSPEND).expect(200);
        assertThat(status(tenant)).isEqualTo("suspended");
        assertPassed(instance(tenant), "suspend-tenant");
        assertThat(instance(tenant)).isWaitingAt("reactivation-requested");

        endLifecycle(tenant);
        act(tenant, TenantEvent.REACTIVATE).expect(200);
        assertThat(status(tenant)).isEqualTo("active");
        assertPassed(instance(tenant), "reactivate-tenant");
        assertThat(instance(tenant)).isWaitingAt("suspension-requested");
    }

    @Test
    void tenant_whose_process_was_ended_has_one_again_if_several_suspend_it_at_once() {
        Registered tenant = tenant(orchestrator(), TenantStatus.ACTIVE);
        endLifecycle(tenant);

        assertThat(suspendFourTimesAtOnce(tenant)).containsExactly(200, 409, 409, 409);

        assertThat(instance(tenant)).isWaitingAt("reactivation-requested");
    }

    @Test
    void tenant_that_needs_no_approval_skips_it() {
        Registered tenant = orchestrator(false).registered(given.unique("t"));

        assertThat(instance(tenant)).hasNotPassed("approve-tenant").isWaitingAt("suspension-requested");
    }

    @Test
    void task_in_tasklist_approves_the_tenant() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);

        as("superadmin")
                .post(
                        "/engine-rest/task/" + task(tenant) + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(204);

        assertThat(status(tenant)).isEqualTo("active");
    }

    @Test
    void superadmin_suspends_and_reactivates_by_message_through_the_engine() {
        Registered tenant = tenant(orchestrator(), TenantStatus.ACTIVE);

        message("superadmin", tenant, "tenant.suspend", Map.of("reason", Map.of("value", "unpaid")))
                .expect(204);
        assertThat(status(tenant)).isEqualTo("suspended");
        message("superadmin", tenant, "tenant.reactivate", Map.of()).expect(204);
        assertThat(status(tenant)).isEqualTo("active");

        var trail = as("superadmin")
                .get("/api/v1/audit?entity_type=tenant&entity_id=" + tenant.id())
                .json();
        assertThat(trail.at("/items/1/action").asText()).isEqualTo("suspend");
        assertThat(trail.at("/items/1/origin").asText()).isEqualTo("engine-rest");
        assertThat(trail.at("/items/1/details/reason").asText()).isEqualTo("unpaid");
        assertThat(trail.at("/items/0/details").has("reason")).isFalse();
    }

    @Test
    void message_in_the_wrong_state_finds_nobody() {
        Registered pending = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        Registered active = tenant(orchestrator(), TenantStatus.ACTIVE);

        message("superadmin", pending, "tenant.suspend", Map.of()).expect(400);
        message("superadmin", active, "tenant.reactivate", Map.of()).expect(400);

        assertThat(status(pending)).isEqualTo("pending_approval");
        assertThat(status(active)).isEqualTo("active");
    }

    @Test
    void nobody_but_a_superadmin_sends_messages() {
        Registered active = tenant(orchestrator(), TenantStatus.ACTIVE);

        message("admin", active, "tenant.suspend", Map.of()).expect(403);
        message(given.person("stranger"), active, "tenant.suspend", Map.of()).expect(403);

        assertThat(status(active)).isEqualTo("active");
        assertThat(instance(active)).isWaitingAt("suspension-requested");
    }

    @Test
    void superadmin_sends_no_other_message_and_moves_no_token() {
        Registered pending = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);

        as("superadmin")
                .post(
                        "/engine-rest/message",
                        Map.of("messageName", "approval.changed", "businessKey", pending.tenantId()))
                .expect(403);
        modify("superadmin", pending, "activate-tenant").expect(403);

        assertThat(status(pending)).isEqualTo("pending_approval");
    }

    @Test
    void token_moved_to_the_activation_does_not_activate_an_unapproved_tenant() {
        Registered pending = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);

        assertThat(modify("admin", pending, "activate-tenant").status()).isGreaterThanOrEqualTo(400);
        assertThat(modify("admin", pending, "reject-tenant").status()).isGreaterThanOrEqualTo(400);
        assertThat(modify("admin", pending, "reactivate-tenant").status()).isGreaterThanOrEqualTo(400);

        assertThat(status(pending)).isEqualTo("pending_approval");
        act(pending, TenantEvent.APPROVE).expect(200);
        assertThat(status(pending)).isEqualTo("active");
    }

    @Test
    void token_moved_past_the_activation_leaves_the_tenant_pending_and_its_features_off() {
        Caller orchestrator = orchestrator();
        Registered pending = tenant(orchestrator, TenantStatus.PENDING_APPROVAL);

        modify("admin", pending, "suspension-requested").expect(204);

        assertThat(status(pending)).isEqualTo("pending_approval");
        assertThat(orchestrator.synced(pending.tenantId()).toString()).doesNotContain("true");
        act(pending, TenantEvent.SUSPEND).expectProblem(409, "invalid_transition");
        assertThat(message("superadmin", pending, "tenant.suspend", Map.of()).status())
                .isGreaterThanOrEqualTo(400);
        assertThat(status(pending)).isEqualTo("pending_approval");
    }

    @Test
    void variable_that_names_another_approval_does_not_activate_the_tenant() {
        Caller orchestrator = orchestrator();
        Registered approved = tenant(orchestrator, TenantStatus.ACTIVE);
        Registered pending = tenant(orchestrator, TenantStatus.PENDING_APPROVAL);
        String other = as("superadmin").get(approved.path()).at("/approval_id");

        as("admin")
                .put(
                        "/engine-rest/process-instance/" + instance(pending).getId() + "/variables/approvalId",
                        Map.of("value", other, "type", "String"))
                .expect(204);
        assertThat(modify("admin", pending, "approved").status()).isGreaterThanOrEqualTo(400);

        assertThat(status(pending)).isEqualTo("pending_approval");
    }

    @Test
    void second_lifecycle_of_the_same_registration_is_refused() {
        Registered pending = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        String approval = as("superadmin").get(pending.path()).at("/approval_id");

        Client.Answer answer = as("admin")
                .post(
                        "/engine-rest/process-definition/key/tenant-lifecycle/start",
                        Map.of(
                                "businessKey",
                                pending.tenantId(),
                                "variables",
                                Map.of(
                                        "registrationId", Map.of("value", pending.id()),
                                        "approvalId", Map.of("value", approval))));

        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(runtime.createProcessInstanceQuery()
                        .processDefinitionKey("tenant-lifecycle")
                        .processInstanceBusinessKey(pending.tenantId())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void two_suspensions_at_once_make_one() {
        Registered active = tenant(orchestrator(), TenantStatus.ACTIVE);

        assertThat(suspendFourTimesAtOnce(active)).containsExactly(200, 409, 409, 409);

        assertThat(instance(active)).isWaitingAt("reactivation-requested");
    }

    private List<Integer> suspendFourTimesAtOnce(Registered tenant) {
        return java.util.stream.Stream.of(1, 2, 3, 4)
                .map(i -> java.util.concurrent.CompletableFuture.supplyAsync(
                        () -> act(tenant, TenantEvent.SUSPEND).status()))
                .toList()
                .stream()
                .map(java.util.concurrent.CompletableFuture::join)
                .sorted()
                .toList();
    }

    private void assertPassed(ProcessInstance instance, String activity) {
        assertThat(flows.takenBy(instance.getId())).anyMatch(flow -> touches(flow, activity));
    }

    private static boolean touches(String flow, String activity) {
        return flow.startsWith(activity + "-to-") || flow.endsWith("-to-" + activity);
    }

    private static void endLifecycle(Registered tenant) {
        endProcess(
                "tenant-lifecycle",
                as("superadmin").get(tenant.path()).expect(200).at("/approval_id"));
    }

    private ProcessInstance instance(Registered tenant) {
        return runtime.createProcessInstanceQuery()
                .processDefinitionKey("tenant-lifecycle")
                .processInstanceBusinessKey(tenant.tenantId())
                .singleResult();
    }

    private String task(Registered tenant) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(tenant.tenantId())
                .taskDefinitionKey("decide-stage")
                .singleResult()
                .getId();
    }

    private static Client.Answer message(
            String person, Registered tenant, String message, Map<String, Object> variables) {
        return as(person)
                .post(
                        "/engine-rest/message",
                        Map.of(
                                "messageName",
                                message,
                                "businessKey",
                                tenant.tenantId(),
                                "processVariables",
                                variables));
    }

    /** Moves a token by hand, as Cockpit's process instance modification does. */
    private Client.Answer modify(String person, Registered tenant, String activity) {
        return as(person)
                .post(
                        "/engine-rest/process-instance/" + instance(tenant).getId() + "/modification",
                        Map.of("instructions", List.of(Map.of("type", "startBeforeActivity", "activityId", activity))));
    }
}
