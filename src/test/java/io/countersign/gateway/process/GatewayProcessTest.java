package io.countersign.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.task;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.taskService;

import io.countersign.HeldTarget;
import io.countersign.ProcessTest;
import io.countersign.SequenceFlows;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.change.CarriedChange;
import io.countersign.change.CarryingOut;
import io.countersign.gateway.ApiClient;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Clients;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.Domains;
import io.countersign.gateway.Route;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteRequests;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteStatus;
import io.countersign.gateway.Routes;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every path through {@code route-change}, {@code attachment-change}, {@code carry-out} and {@code client-access}, flow
 * by flow.
 */
class GatewayProcessTest extends ProcessTest {

    private static final List<String> DEPLOYED = List.of(
            "change-requested-to-approval-due",
            "approval-due-to-approve-change",
            "approve-change-to-approved",
            "approved-to-record-approval",
            "record-approval-to-deploy-route",
            "deploy-route-to-release-route",
            "release-route-to-carry-out-deployment",
            "carry-out-deployment-to-route-deployed");

    private static final List<String> REFUSED = List.of(
            "change-requested-to-approval-due",
            "approval-due-to-approve-change",
            "approve-change-to-approved",
            "approved-to-refuse-change",
            "refuse-change-to-change-refused");

    private static final List<String> WITHDRAWN =
            List.of("cancellation-recorded-to-withdraw-change", "withdraw-change-to-change-withdrawn");

    private static final List<String> CARRIED_OUT = List.of(
            "change-requested-to-approval-due",
            "approval-due-to-approve-change",
            "approve-change-to-approved",
            "approved-to-record-approval",
            "record-approval-to-await-deployment",
            "await-deployment-to-change-carried-out");

    private static final List<String> DONE_AT_ONCE = List.of(
            "change-started-to-apply-due",
            "apply-due-to-apply-change",
            "apply-change-to-check-due",
            "check-due-to-check-progress",
            "check-progress-to-finished",
            "finished-to-finish-change",
            "finish-change-to-change-finished");

    @Autowired
    private Domains domains;

    @Autowired
    private Routes routes;

    @Autowired
    private Clients clients;

    @Autowired
    private Attachments attachments;

    @Autowired
    private Deployments deployments;

    @Autowired
    private CarryingOut carryingOut;

    @Autowired
    private SequenceFlows flows;

    @Autowired
    private HeldTarget target;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Freezes freezes;

    @Autowired
    private TransactionTemplate transaction;

    private String owner;
    private String project;
    private String editor;
    private String viewer;
    private String approver;
    private String paymentsApprover;

    @BeforeEach
    void project() {
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        editor = given.member(project, ProjectRole.EDITOR, "web");
        viewer = given.member(project, ProjectRole.VIEWER, "web");
        approver = given.member(project, ProjectRole.APPROVER, "web");
        paymentsApprover = given.member(project, ProjectRole.APPROVER, "payments");
        as(editor, () -> {
            domains.create(new UserId(editor), project, "shop", project + ".example.com");
        });
    }

    @AfterEach
    void letTheTargetBe() {
        target.holdUp(false);
    }

    @Test
    void approved_change_waits_for_somebody_who_deploys() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        assertThat(process).isWaitingAt("approve-change");

        approve(approver, route.approval());
        assertThat(process)
                .isWaitingAt("deploy-route")
                .task("deploy-route")
                .hasCandidateGroup("project:" + project + ":route.deploy");
        assertThat(status(route)).isEqualTo(RouteStatus.APPROVED);
        String task = task("deploy-route", process).getId();
        as(
                viewer,
                () -> assertThatThrownBy(() -> taskService().complete(task))
                        .hasMessageContaining("missing_permission"));
        assertThat(process).isWaitingAt("deploy-route");

        as(editor, () -> taskService().complete(task));
        assertThat(status(route)).isEqualTo(RouteStatus.PENDING_DEPLOY);
        ProcessInstance deployment = deployment(route);
        execute(job(deployment));

        assertThat(process).isEnded();
        assertThat(status(route)).isEqualTo(RouteStatus.ACTIVE);
        assertThat(flows.takenBy(process.getId())).isEqualTo(DEPLOYED);
        assertThat(flows.takenBy(deployment.getId())).isEqualTo(DONE_AT_ONCE);
    }

    @Test
    void rejected_change_ends_without_a_deployment() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());

        reject(approver, route.approval(), "no");

        assertThat(process).isEnded().hasNotPassed("deploy-route");
        assertThat(status(route)).isEqualTo(RouteStatus.REJECTED);
        assertThat(flows.takenBy(process.getId())).isEqualTo(REFUSED);
    }

    @Test
    void approved_change_that_is_cancelled_waits_no_longer() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        approve(approver, route.approval());

        as(editor, () -> approvals.cancel(new UserId(editor), route.approval()));

        assertThat(process).isEnded();
        assertThat(status(route)).isEqualTo(RouteStatus.REJECTED);
        assertThat(flows.takenBy(process.getId())).endsWith(WITHDRAWN.toArray(String[]::new));
    }

    @Test
    void deployment_waits_while_the_target_is_not_done() {
        Route route = activeRoute();
        Route deletion = as(
                editor,
                () -> routes.delete(new UserId(editor), project, route.id().toString()));
        approve(approver, deletion.approval());
        as(
                editor,
                () -> deployments.deploy(new UserId(editor), project, route.id().toString()));
        ProcessInstance deployment = deployment(route);
        target.holdUp(true);
        execute(job(deployment));

        assertThat(deployment).isWaitingAt("wait-before-next-check");
        assertThat(status(route)).isEqualTo(RouteStatus.PENDING_DEPLOY);

        target.holdUp(false);
        execute(job(deployment));
        assertThat(deployment).isEnded();
        assertThat(flows.takenBy(deployment.getId()))
                .contains("finished-to-wait-before-next-check", "wait-before-next-check-to-check-due");
    }

    @Test
    void what_somebody_removes_during_a_deployment_is_applied_again() throws IOException {
        Route route = requestRoute();
        ProcessInstance deployment = deploymentThatWaits(route);
        Files.delete(manifest(route));

        execute(job(deployment));

        assertThat(deployment).isWaitingAt("wait-before-next-check");
        assertThat(manifest(route)).exists();
        execute(job(deployment));
        assertThat(deployment).isEnded();
        assertThat(status(route)).isEqualTo(RouteStatus.ACTIVE);
    }

    @Test
    void what_somebody_removes_during_a_deployment_is_not_applied_while_deployments_are_frozen() throws IOException {
        Route route = requestRoute();
        ProcessInstance deployment = deploymentThatWaits(route);
        Files.delete(manifest(route));
        Freeze freeze = freezes.add(
                new UserId(owner), Scope.project(project), null, Instant.now().plusSeconds(3600), "Sale");

        execute(job(deployment));

        assertThat(manifest(route)).doesNotExist();
        assertThat(routes.get(new UserId(editor), project, route.id().toString())
                        .statusReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("Sale"));
        freezes.lift(new UserId(owner), Scope.project(project), freeze.id(), "over");
        execute(job(deployment));
        assertThat(manifest(route)).exists();
    }

    @Test
    void what_somebody_removes_during_a_deployment_is_not_applied_if_it_is_not_what_was_approved() throws IOException {
        Route route = requestRoute();
        ProcessInstance deployment = deploymentThatWaits(route);
        Files.delete(manifest(route));
        alterReleased(route);

        assertThatThrownBy(() -> execute(job(deployment))).hasMessageContaining("Not carried out");

        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void nothing_is_applied_that_was_changed_after_its_release() {
        Route route = requestRoute();
        approve(approver, route.approval());
        as(
                editor,
                () -> deployments.deploy(new UserId(editor), project, route.id().toString()));
        alterReleased(route);
        ProcessInstance deployment = deployment(route);

        assertThatThrownBy(() -> execute(job(deployment))).hasMessageContaining("Not carried out");

        assertThat(manifest(route)).doesNotExist();
        assertThat(deployment).isWaitingAt("apply-change");
    }

    @Test
    void nothing_is_deployed_under_another_routes_approval() {
        Route other = activeRoute("basket");
        Route route = released(requestRoute());
        alter(route, "request_approval = (select released_approval from routes where id = '" + other.id() + "')");

        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("about something else");

        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void nothing_is_deployed_under_an_approval_of_another_action() {
        Route route = released(requestRoute());
        alter(route, "request_action = 'update'");

        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("about something else");

        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void nothing_is_deployed_whose_content_is_about_a_route_of_another_name() {
        Route route = released(requestRoute());
        alter(route, "name = 'other'");

        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("about another route");
    }

    @Test
    void nothing_is_deployed_while_no_deployment_is_under_way() {
        Route route = activeRoute();

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> carryingOut.apply(change(route))))
                .hasMessageContaining("is not being deployed");
    }

    @Test
    void deployment_that_the_target_is_not_done_with_is_not_finished() {
        Route route = requestRoute();
        deploymentThatWaits(route);

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> carryingOut.finish(change(route))))
                .hasMessageContaining("Not finished");

        assertThat(status(route)).isEqualTo(RouteStatus.PENDING_DEPLOY);
    }

    @Test
    void client_that_nobody_approved_is_not_let_through() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        jdbc.sql("update countersign.attachments set status = 'active' where id = ?")
                .param(attachment.id())
                .update();
        as(
                editor,
                () -> deployments.deploy(new UserId(editor), project, route.id().toString()));

        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("is pending");

        assertThat(MANIFESTS.resolve(project).resolve("securitypolicy-shop.cart.yaml"))
                .content()
                .doesNotContain("partner");
    }

    @Test
    void variables_that_a_client_sends_change_nothing() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        runtimeService().setVariable(process.getId(), "approved", true);
        runtimeService().setVariable(process.getId(), "decision", "approve");

        reject(approver, route.approval(), "no");

        assertThat(process).isEnded().hasNotPassed("deploy-route");
    }

    @Test
    void approved_attachment_waits_for_its_routes_deployment() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        ProcessInstance process =
                process("attachment-change", attachment.attach().approval());
        approve(paymentsApprover, attachment.attach().approval());
        assertThat(process).isWaitingAt("approve-change");
        approve(approver, attachment.attach().approval());
        assertThat(process).isWaitingAt("await-deployment");

        deploy(route);

        assertThat(process).isEnded();
        assertThat(status(attachment)).isEqualTo(AttachmentStatus.ACTIVE);
        assertThat(flows.takenBy(process.getId())).isEqualTo(CARRIED_OUT);
    }

    @Test
    void message_without_a_deployment_makes_no_attachment_active() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        approve(paymentsApprover, attachment.attach().approval());
        approve(approver, attachment.attach().approval());

        runtimeService()
                .createMessageCorrelation("attachment.settled")
                .processInstanceVariableEquals(
                        "approvalId", attachment.attach().approval().toString())
                .correlate();

        assertThat(status(attachment)).isEqualTo(AttachmentStatus.APPROVED);
        deploy(route);
        assertThat(status(attachment)).isEqualTo(AttachmentStatus.ACTIVE);
    }

    @Test
    void rejected_attachment_ends() {
        Attachment attachment = requestAttachment(activeRoute());
        ProcessInstance process =
                process("attachment-change", attachment.attach().approval());

        reject(paymentsApprover, attachment.attach().approval(), "no");

        assertThat(process).isEnded();
        assertThat(status(attachment)).isEqualTo(AttachmentStatus.REJECTED);
        assertThat(flows.takenBy(process.getId())).isEqualTo(REFUSED);
    }

    @Test
    void approved_attachment_that_is_cancelled_waits_no_longer() {
        Attachment attachment = requestAttachment(activeRoute());
        ProcessInstance process =
                process("attachment-change", attachment.attach().approval());
        approve(paymentsApprover, attachment.attach().approval());
        approve(approver, attachment.attach().approval());

        as(
                editor,
                () -> approvals.cancel(new UserId(editor), attachment.attach().approval()));

        assertThat(process).isEnded();
        assertThat(status(attachment)).isEqualTo(AttachmentStatus.REJECTED);
        assertThat(flows.takenBy(process.getId())).endsWith(WITHDRAWN.toArray(String[]::new));
    }

    @Test
    void clients_narrower_addresses_are_applied_in_a_job() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        approve(paymentsApprover, attachment.attach().approval());
        approve(approver, attachment.attach().approval());
        deploy(route);
        String client = attachment.client().toString();
        as(editor, () -> clients.setAddresses(new UserId(editor), project, client, List.of("192.0.2.0/24")));
        ProcessInstance process = processInstanceQuery()
                .processDefinitionKey("client-access")
                .variableValueEquals("clientId", client)
                .singleResult();

        execute(job(process));

        assertThat(process).isEnded();
        assertThat(flows.takenBy(process.getId()))
                .containsExactly("client-changed-to-apply-client-access", "apply-client-access-to-access-applied");
    }

    private Route requestRoute() {
        return requestRoute("cart");
    }

    private Route requestRoute(String name) {
        return as(
                editor,
                () -> routes.create(
                        new UserId(editor),
                        project,
                        "shop",
                        new RouteDraft(
                                name,
                                "/" + name,
                                null,
                                List.of("GET"),
                                new Backend(name, 8080, null),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)));
    }

    /** @return the deployment of a requested route, which is applied and which the target is not done with */
    private ProcessInstance deploymentThatWaits(Route route) {
        approve(approver, route.approval());
        target.holdUp(true);
        deploy(route);
        target.holdUp(false);
        return deployment(route);
    }

    private void alterReleased(Route route) {
        jdbc.sql("update countersign.routes set released_content = replace(released_content, '/cart', '/x'),"
                        + " request_content = replace(request_content, '/cart', '/x') where id = ?")
                .param(route.id())
                .update();
    }

    /** @return a route whose deployment was asked for, and of which nothing is written yet */
    private Route released(Route route) {
        approve(approver, route.approval());
        as(
                editor,
                () -> deployments.deploy(new UserId(editor), project, route.id().toString()));
        return route;
    }

    private void alter(Route route, String change) {
        jdbc.sql("update countersign.routes set " + change + " where id = ?")
                .param(route.id())
                .update();
    }

    private Route activeRoute() {
        return activeRoute("cart");
    }

    private Route activeRoute(String name) {
        Route route = requestRoute(name);
        approve(approver, route.approval());
        deploy(route);
        assertThat(status(route)).isEqualTo(RouteStatus.ACTIVE);
        return route;
    }

    private void deploy(Route route) {
        as(
                editor,
                () -> deployments.deploy(new UserId(editor), project, route.id().toString()));
        ProcessInstance deployment = deployment(route);
        execute(job(deployment));
    }

    private ApiClient client() {
        return as(editor, () -> clients.create(new UserId(editor), project, "partner", "web", null))
                .client();
    }

    private Attachment requestAttachment(Route route) {
        ApiClient client = client();
        return as(
                editor,
                () -> attachments.attach(
                        new UserId(editor),
                        project,
                        route.id().toString(),
                        client.id().toString()));
    }

    private CarriedChange change(Route route) {
        String process = routes.get(new UserId(editor), project, route.id().toString())
                .process()
                .orElseThrow();
        return new CarriedChange(RouteRequests.TYPE, route.id(), process);
    }

    private RouteStatus status(Route route) {
        return routes.get(new UserId(editor), project, route.id().toString()).status();
    }

    private AttachmentStatus status(Attachment attachment) {
        return attachments
                .get(new UserId(editor), project, attachment.id().toString())
                .attachment()
                .status();
    }

    private Path manifest(Route route) {
        return MANIFESTS.resolve(project).resolve("httproute-" + route.domain() + "." + route.name() + ".yaml");
    }

    private static ProcessInstance process(String key, ApprovalId approval) {
        return processInstanceQuery()
                .processDefinitionKey(key)
                .variableValueEquals("approvalId", approval.toString())
                .singleResult();
    }

    private static ProcessInstance deployment(Route route) {
        return processInstanceQuery()
                .processDefinitionKey("carry-out")
                .variableValueEquals("subject", route.id().toString())
                .singleResult();
    }
}
