package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;

import io.countersign.ProcessTest;
import io.countersign.SequenceFlows;
import io.countersign.api.http.IfMatch;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.waiting.OverdueSweep;
import io.countersign.change.CarriedChange;
import io.countersign.change.CarryingOut;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** An approved change whose deployment was asked for, until the first write: it lapses, is cancelled, is taken back. */
class UntouchedRouteTest extends ProcessTest {

    private static final String BY_HELM = "kind: HTTPRoute\nmetadata: {labels: {app.kubernetes.io/managed-by: Helm}}\n";

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
    private ClientAccess access;

    @Autowired
    private Decisions decisions;

    @Autowired
    private Policies policies;

    @Autowired
    private Freezes freezes;

    @Autowired
    private OverdueSweep sweep;

    @Autowired
    private SequenceFlows flows;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private UserId owner;
    private UserId editor;
    private String approver;
    private String project;
    private Scope scope;

    @BeforeEach
    void project_whose_approvals_hold_for_a_day() {
        owner = new UserId(given.person("owner"));
        project = given.project(owner.value());
        scope = Scope.project(project);
        editor = new UserId(given.member(project, ProjectRole.EDITOR, "web"));
        approver = given.member(project, ProjectRole.APPROVER, "web");
        domains.create(editor, project, "shop", project + ".example.com");
        hold_for_a_day(RouteRequests.TYPE, Permission.ROUTE_APPROVE);
        hold_for_a_day(AttachmentRequests.TYPE, Permission.CLIENT_APPROVE);
    }

    @Test
    void release_is_on_record_and_nothing_is_carried_out_before_the_first_write() {
        Route route = requestRoute();
        approve(approver, route.approval());
        assertThat(approvals.get(route.approval()).releasedAt()).isEmpty();
        Freeze freeze = freeze();
        deploy(route);

        execute(job(deployment(route)));
        assertThat(approvals.get(route.approval()).releasedAt()).isPresent();
        assertThat(approvals.get(route.approval()).carriedOutAt()).isEmpty();

        thaw(route, freeze);
        assertThat(approvals.get(route.approval()).carriedOutAt()).isPresent();
    }

    @Test
    void approval_that_lapsed_when_the_window_ends_is_not_deployed_but_asked_for_again() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        Freeze freeze = frozenDeployment(route);
        letLapse(route.approval());

        thaw(route, freeze);

        assertThat(process).isWaitingAt("approve-change");
        assertThat(deployment(route)).isNull();
        assertThat(manifest(route)).doesNotExist();
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
        assertThat(now(route).statusReason().orElseThrow()).contains("must be given again");
        assertThat(approvals.get(route.approval()).status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(flows.takenBy(process.getId())).contains("approval-lapsed-to-approval-due");

        approve(approver, route.approval());
        deploy(route);
        execute(job(deployment(route)));
        assertThat(now(route).status()).isEqualTo(RouteStatus.ACTIVE);
        assertThat(now(route).statusReason()).isEmpty();
    }

    @Test
    void approval_that_lapses_while_its_deployment_waits_calls_it_off() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        frozenDeployment(route);
        letLapse(route.approval());

        sweep();

        assertThat(process).isWaitingAt("approve-change");
        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
        assertThat(now(route).statusReason().orElseThrow()).contains("not carried out within P1D");
        assertThat(approvals.get(route.approval()).releasedAt()).isEmpty();
        assertThat(approvals.get(route.approval()).round()).isOne();
        assertThat(actions(route.approval())).contains("expire");
        assertThat(flows.takenBy(process.getId())).contains("approval-reopened-meanwhile-to-approval-due");
    }

    @Test
    void approval_that_lapses_before_anybody_deploys_leads_back_to_its_stages() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        approve(approver, route.approval());
        letLapse(route.approval());

        sweep();

        assertThat(process).isWaitingAt("approve-change");
        assertThatThrownBy(() -> deploy(route))
                .isInstanceOfSatisfying(
                        Conflict.class, conflict -> assertThat(conflict.code()).isEqualTo(ErrorCode.NOT_APPROVED));
        assertThat(flows.takenBy(process.getId())).contains("approval-reopened-to-approval-due");
        reject(approver, route.approval(), "no longer needed");
        assertThat(process).isEnded();
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
    }

    @Test
    void approval_of_a_suspended_job_lapses_too() {
        Route route = requestRoute();
        approve(approver, route.approval());
        deploy(route);
        letLapse(route.approval());

        sweep();

        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
    }

    @Test
    void waiting_deployment_is_cancelled_with_its_request() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        frozenDeployment(route);

        as(editor.value(), () -> decisions.cancel(route.approval()));

        assertThat(process).isEnded();
        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
        assertThat(now(route).statusReason()).as("what it waited for").isEmpty();
        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void update_that_is_cancelled_while_it_waits_leaves_what_is_deployed() {
        Route route = activeRoute();
        Route update = update(route, "/basket");
        Freeze freeze = frozenDeployment(update);

        as(editor.value(), () -> decisions.cancel(update.approval()));

        assertThat(now(route).status()).isEqualTo(RouteStatus.ACTIVE);
        assertThat(now(route).statusReason()).as("what it waited for").isEmpty();
        assertThat(now(route).spec().path()).isEqualTo("/cart");
        freezes.lift(owner, scope, freeze.id(), "over");
        redeploy(route);
        assertThat(manifest(route)).content().contains("/cart").doesNotContain("/basket");
    }

    @Test
    void approval_is_taken_back_while_its_deployment_waits() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        frozenDeployment(route);
        Approval approved = approvals.get(route.approval());

        as(approver, () -> decisions.takeBack(approved.id(), approved.stage(1).id(), "Wrong backend"));

        assertThat(process).isWaitingAt("approve-change");
        assertThat(approvals.get(route.approval()).status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
        assertThat(now(route).statusReason().orElseThrow()).contains("taken back");
        as(editor.value(), () -> decisions.cancel(route.approval()));
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
    }

    @Test
    void approval_is_taken_back_while_an_operator_has_the_deployment_suspended() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        Freeze freeze = frozenDeployment(route);
        runtimeService().suspendProcessInstanceById(process.getId());
        runtimeService().suspendProcessInstanceById(deployment(route).getId());
        Approval approved = approvals.get(route.approval());

        as(approver, () -> decisions.takeBack(approved.id(), approved.stage(1).id(), "Wrong backend"));

        assertThat(process).isWaitingAt("approve-change").isSuspended();
        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
        runtimeService().activateProcessInstanceById(process.getId());
        freezes.lift(owner, scope, freeze.id(), "over");
        approve(approver, route.approval());
        redeploy(route);
        assertThat(now(route).status()).isEqualTo(RouteStatus.ACTIVE);
        assertThat(process).isEnded();
    }

    @Test
    void request_is_cancelled_while_an_operator_has_its_deployment_suspended() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        frozenDeployment(route);
        runtimeService().suspendProcessInstanceById(process.getId());
        runtimeService().suspendProcessInstanceById(deployment(route).getId());

        as(editor.value(), () -> decisions.cancel(route.approval()));

        assertThat(process).isEnded();
        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
    }

    @Test
    void approval_lapses_while_an_operator_has_its_deployment_suspended() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        frozenDeployment(route);
        runtimeService().suspendProcessInstanceById(process.getId());
        letLapse(route.approval());

        sweep();

        assertThat(process).isWaitingAt("approve-change").isSuspended();
        assertThat(deployment(route)).isNull();
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
    }

    @Test
    void pending_request_is_cancelled_while_an_operator_has_its_process_and_stages_suspended() {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        ProcessInstance stages = process("approval-stages", route.approval());
        runtimeService().suspendProcessInstanceById(process.getId());
        runtimeService().suspendProcessInstanceById(stages.getId());

        as(editor.value(), () -> decisions.cancel(route.approval()));

        assertThat(stages).isEnded();
        assertThat(process).isEnded();
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
    }

    @Test
    void another_request_is_refused_while_one_waits_to_be_deployed() {
        Route route = activeRoute();
        frozenDeployment(update(route, "/basket"));

        assertThatThrownBy(() -> update(route, "/other"))
                .isInstanceOfSatisfying(
                        Conflict.class, conflict -> assertThat(conflict.code()).isEqualTo(ErrorCode.REQUEST_PENDING));
    }

    @Test
    void what_a_failed_write_has_touched_is_past_cancelling() throws IOException {
        Route route = requestRoute();
        approve(approver, route.approval());
        deploy(route);
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(project), "in the way");
        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("Cannot write");

        assertThat(approvals.get(route.approval()).carriedOutAt()).isPresent();
        assertThatThrownBy(() -> as(editor.value(), () -> decisions.cancel(route.approval())))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("carried out already");
        letLapse(route.approval());
        sweep();
        Files.delete(MANIFESTS.resolve(project));
        execute(job(deployment(route)));
        assertThat(now(route).status()).isEqualTo(RouteStatus.ACTIVE);
    }

    @Test
    void change_that_the_target_refused_at_first_contact_can_be_cancelled() throws IOException {
        Route route = requestRoute();
        refuseFirstTry(route);

        assertThat(approvals.get(route.approval()).carriedOutAt()).isEmpty();
        as(editor.value(), () -> decisions.cancel(route.approval()));
        assertThat(now(route).status()).isEqualTo(RouteStatus.REJECTED);
        // Not even the guards, which are written before what is in the way.
        assertThat(policy()).doesNotExist();
        assertThat(manifest(route)).hasContent(BY_HELM);
    }

    @Test
    void approval_lapses_after_the_target_refused_the_change_at_first_contact() throws IOException {
        Route route = requestRoute();
        ProcessInstance process = process("route-change", route.approval());
        refuseFirstTry(route);
        Files.delete(manifest(route));
        letLapse(route.approval());

        execute(job(deployment(route)));

        assertThat(process).isWaitingAt("approve-change");
        assertThat(now(route).status()).isEqualTo(RouteStatus.APPROVED);
        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void attachment_that_the_target_refused_at_first_contact_can_be_cancelled() throws IOException {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        ApprovalId request = attachment.attach().approval();
        approve(approver, request);
        deploy(route);
        Path secret = MANIFESTS
                .resolve(project)
                .resolve("secret-client.partner."
                        + attachment.client().toString().substring(0, 8) + ".yaml");
        Files.writeString(secret, BY_HELM);
        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("exists already");

        assertThat(approvals.get(request).carriedOutAt()).isEmpty();
        as(editor.value(), () -> decisions.cancel(request));
        assertThat(now(attachment).status()).isEqualTo(AttachmentStatus.REJECTED);
    }

    @Test
    void looking_at_a_deployment_that_wrote_nothing_finishes_nothing() {
        Route route = activeRoute();
        frozenDeployment(update(route, "/basket"));

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> carryingOut.check(change(route))))
                .hasMessageContaining("is deployed yet");
    }

    @Test
    void approved_attachment_that_lapses_leads_back_to_its_stages() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        ApprovalId request = attachment.attach().approval();
        ProcessInstance process = process("attachment-change", request);
        approve(approver, request);
        letLapse(request);

        sweep();
        assertThat(process).isWaitingAt("approve-change");
        redeploy(route);
        assertThat(now(attachment).status()).isEqualTo(AttachmentStatus.APPROVED);

        approve(approver, request);
        assertThat(process).isWaitingAt("await-deployment");
        redeploy(route);
        assertThat(now(attachment).status()).isEqualTo(AttachmentStatus.ACTIVE);
        assertThat(flows.takenBy(process.getId())).contains("approval-reopened-to-approval-due");
    }

    @Test
    void attachment_that_lapses_while_its_deployment_waits_is_left_out() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        approve(approver, attachment.attach().approval());
        Freeze freeze = freeze();
        deploy(route);
        letLapse(attachment.attach().approval());
        freezes.lift(owner, scope, freeze.id(), "over");

        execute(job(deployment(route)));

        assertThat(now(route).status()).isEqualTo(RouteStatus.ACTIVE);
        assertThat(now(attachment).status()).isEqualTo(AttachmentStatus.APPROVED);
        assertThat(approvals.get(attachment.attach().approval()).carriedOutAt()).isEmpty();
    }

    @Test
    void client_of_an_attachment_whose_deployment_waits_can_be_deleted() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        approve(approver, attachment.attach().approval());
        freeze();
        deploy(route);

        as(
                owner.value(),
                () -> clients.delete(owner, project, attachment.client().toString()));

        assertThat(now(attachment).status()).isEqualTo(AttachmentStatus.REJECTED);
    }

    @Test
    void access_of_a_client_does_not_bring_what_waits_for_a_window() {
        Route route = activeRoute();
        Attachment attachment = requestAttachment(route);
        approve(approver, attachment.attach().approval());
        freeze();
        deploy(route);

        transaction.executeWithoutResult(status -> access.apply(attachment.client()));

        assertThat(policy()).content().doesNotContain("partner");
    }

    private void hold_for_a_day(EntityType type, Permission permission) {
        policies.change(
                owner,
                scope,
                type,
                Optional.empty(),
                IfMatch.version(policies.of(scope, type, "").hash()),
                present -> new Policy(
                        Policy.singleStage(permission).stages(), false, new WaitingPolicy(null, null, null, "P1D")));
    }

    private Route requestRoute() {
        return as(editor.value(), () -> routes.create(editor, project, "shop", draft("/cart")));
    }

    private Route activeRoute() {
        Route route = requestRoute();
        approve(approver, route.approval());
        redeploy(route);
        return now(route);
    }

    private Route update(Route route, String path) {
        return as(
                editor.value(), () -> routes.update(editor, project, route.id().toString(), draft(path)));
    }

    private Attachment requestAttachment(Route route) {
        ApiClient client = as(editor.value(), () -> clients.create(editor, project, "partner", "web", null))
                .client();
        return as(
                editor.value(),
                () -> attachments.attach(
                        editor, project, route.id().toString(), client.id().toString()));
    }

    private static RouteDraft draft(String path) {
        return new RouteDraft(
                "cart",
                path,
                null,
                List.of("GET"),
                new Backend("cart", 8080, null),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Approves a request and has it deployed where somebody else's object is in its place. */
    private void refuseFirstTry(Route route) throws IOException {
        approve(approver, route.approval());
        deploy(route);
        Files.createDirectories(manifest(route).getParent());
        Files.writeString(manifest(route), BY_HELM);
        assertThatThrownBy(() -> execute(job(deployment(route)))).hasMessageContaining("exists already");
    }

    /** Approves a request and has it deployed in a freeze window, so that its deployment waits. */
    private Freeze frozenDeployment(Route route) {
        approve(approver, route.approval());
        Freeze freeze = freeze();
        deploy(route);
        execute(job(deployment(route)));
        assertThat(now(route).statusReason().orElseThrow()).contains("frozen until");
        return freeze;
    }

    /** Lifts a window, whose timer then lets the deployment look again. */
    private void thaw(Route route, Freeze freeze) {
        freezes.lift(owner, scope, freeze.id(), "over");
        execute(job(deployment(route)));
        execute(job(deployment(route)));
    }

    private Freeze freeze() {
        return freezes.add(owner, scope, null, Instant.now().plusSeconds(3600), "Sale");
    }

    private void deploy(Route route) {
        as(editor.value(), () -> deployments.deploy(editor, project, route.id().toString()));
    }

    private void redeploy(Route route) {
        deploy(route);
        execute(job(deployment(route)));
    }

    private void letLapse(ApprovalId approval) {
        jdbc.sql("""
                        update approvals set closed_at = closed_at - interval '2 days',
                                             attention_due_at = attention_due_at - interval '2 days'
                        where id = ?""").param(approval.value()).update();
    }

    private void sweep() {
        transaction.executeWithoutResult(status -> sweep.run());
    }

    private List<String> actions(ApprovalId approval) {
        return jdbc.sql("select action from audit_entries where details::jsonb ->> 'approval_id' = ?")
                .param(approval.toString())
                .query(String.class)
                .list();
    }

    private Route now(Route route) {
        return routes.get(editor, project, route.id().toString());
    }

    private Attachment now(Attachment attachment) {
        return attachments.get(editor, project, attachment.id().toString()).attachment();
    }

    private Path manifest(Route route) {
        return MANIFESTS.resolve(project).resolve("httproute-shop.cart.yaml");
    }

    private Path policy() {
        return MANIFESTS.resolve(project).resolve("securitypolicy-shop.cart.yaml");
    }

    private static ProcessInstance process(String key, ApprovalId approval) {
        return processInstanceQuery()
                .processDefinitionKey(key)
                .variableValueEquals("approvalId", approval.toString())
                .singleResult();
    }

    private CarriedChange change(Route route) {
        return new CarriedChange(
                RouteRequests.TYPE, route.id(), now(route).process().orElseThrow());
    }

    private static ProcessInstance deployment(Route route) {
        return processInstanceQuery()
                .processDefinitionKey("carry-out")
                .variableValueEquals("subject", route.id().toString())
                .singleResult();
    }
}
