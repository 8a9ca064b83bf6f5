package io.countersign.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;

import io.countersign.HeldTarget;
import io.countersign.ProcessTest;
import io.countersign.change.CarriedChange;
import io.countersign.change.CarryingOut;
import io.countersign.gateway.ApiClient;
import io.countersign.gateway.Attachment;
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
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A deployment carries out exactly what was approved, even if the rows that say what that is were altered. */
class DeploymentGuardsTest extends ProcessTest {

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
    private HeldTarget target;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private String project;
    private String editor;
    private String approver;
    private String paymentsApprover;

    @BeforeEach
    void project() {
        String owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        editor = given.member(project, ProjectRole.EDITOR, "web");
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
    void approval_of_a_former_route_of_the_same_name_deploys_nothing() {
        Route former = active("cart");
        delete(former);
        Route route = request("cart");
        ProcessInstance deployment = deploying(route);
        alter(route, "request_approval = ?::uuid", former.approval());

        assertThatThrownBy(() -> execute(job(deployment))).hasMessageContaining("is about something else");

        assertThat(manifest(route)).doesNotExist();
    }

    @Test
    void approval_of_an_update_deletes_nothing() {
        Route route = active("cart");
        Route update = as(editor, () -> routes.update(new UserId(editor), project, id(route), draft("cart")));
        ProcessInstance deployment = deploying(update);
        alter(route, "request_action = ?", "delete");

        assertThatThrownBy(() -> execute(job(deployment))).hasMessageContaining("is about something else");

        assertThat(manifest(route)).exists();
    }

    @Test
    void approved_content_that_is_another_routes_is_not_deployed_as_this_one() {
        Route other = request("pay");
        approve(approver, other.approval());
        Route route = request("cart");
        ProcessInstance deployment = deploying(route);
        jdbc.sql("update countersign.approvals set entity_id = ? where id = ?")
                .params(id(route), other.approval().value())
                .update();
        alter(route, "request_approval = ?::uuid", other.approval());
        jdbc.sql("""
                        update countersign.routes set request_content =
                            (select request_content from countersign.routes where id = ?) where id = ?""").params(other.id(), route.id()).update();

        assertThatThrownBy(() -> execute(job(deployment))).hasMessageContaining("is about another route");

        assertThat(manifest(route)).doesNotExist();
        assertThat(manifest(other)).doesNotExist();
    }

    @Test
    void client_whose_attachment_is_not_approved_is_not_let_through() throws IOException {
        Route route = active("cart");
        Attachment pending = attachment(route, "partner");
        jdbc.sql("update countersign.attachments set status = 'active' where id = ?")
                .param(pending.id())
                .update();

        assertThatThrownBy(() -> deploy(route)).hasMessageContaining("Not carried out");

        assertThat(policy(route)).doesNotContain("partner");
    }

    @Test
    void client_that_took_the_place_of_the_approved_one_is_not_let_through() throws IOException {
        Route route = active("cart");
        Attachment attachment = attachment(route, "partner");
        approve(paymentsApprover, attachment.attach().approval());
        approve(approver, attachment.attach().approval());
        deploy(route);
        jdbc.sql("update countersign.attachments set client_id = ? where id = ?")
                .params(client("intruder").id(), attachment.id())
                .update();

        assertThatThrownBy(() -> deploy(route)).hasMessageContaining("is about something else");

        assertThat(policy(route)).contains("partner").doesNotContain("intruder");
    }

    @Test
    void approval_of_another_attachment_lets_nobody_through() throws IOException {
        Route route = active("cart");
        Attachment approved = attachment(route, "partner");
        approve(paymentsApprover, approved.attach().approval());
        approve(approver, approved.attach().approval());
        deploy(route);
        Attachment pending = attachment(route, "intruder");
        jdbc.sql("""
                        update countersign.attachments
                        set status = 'active', attach_approval = ?, attach_content = replace(attach_content, ?, ?)
                        where id = ?""")
                .params(approved.attach().approval().value(), "intruder", "partner", pending.id())
                .update();

        assertThatThrownBy(() -> deploy(route)).hasMessageContaining("is about something else");

        assertThat(policy(route)).doesNotContain("intruder");
    }

    @Test
    void deployment_that_the_target_is_not_done_with_is_not_finished() {
        Route route = request("cart");
        target.holdUp(true);
        execute(job(deploying(route)));

        assertThatIllegalStateException()
                .isThrownBy(() -> step(carryingOut::finish, route))
                .withMessageContaining("the target has not reported the deployment as done");
        assertThat(status(route)).isEqualTo(RouteStatus.PENDING_DEPLOY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply", "check", "finish"})
    void step_of_a_deployment_that_is_not_under_way_does_nothing(String step) throws IOException {
        Route route = active("cart");
        Files.delete(manifest(route));
        Map<String, Consumer<CarriedChange>> steps = Map.of(
                "apply", carryingOut::apply,
                "check", carryingOut::check,
                "finish", carryingOut::finish);

        assertThatIllegalStateException()
                .isThrownBy(() -> step(steps.get(step), route))
                .withMessageContaining("is not being deployed");

        assertThat(manifest(route)).doesNotExist();
        assertThat(status(route)).isEqualTo(RouteStatus.ACTIVE);
    }

    @Test
    void approved_change_that_nobody_deploys_is_not_applied() {
        Route route = request("cart");
        approve(approver, route.approval());

        assertThatIllegalStateException()
                .isThrownBy(() -> step(carryingOut::apply, route))
                .withMessageContaining("is not being deployed");

        assertThat(manifest(route)).doesNotExist();
    }

    private void step(Consumer<CarriedChange> step, Route route) {
        String process =
                routes.get(new UserId(editor), project, id(route)).process().orElseThrow();
        CarriedChange change = new CarriedChange(RouteRequests.TYPE, route.id(), process);
        transaction.executeWithoutResult(status -> step.accept(change));
    }

    private void alter(Route route, String set, Object value) {
        jdbc.sql("update countersign.routes set " + set + " where id = ?")
                .params(value.toString(), route.id())
                .update();
    }

    private Route request(String name) {
        return as(editor, () -> routes.create(new UserId(editor), project, "shop", draft(name)));
    }

    private static RouteDraft draft(String name) {
        return new RouteDraft(
                name,
                "/cart",
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

    private Route active(String name) {
        Route route = request(name);
        execute(job(deploying(route)));
        assertThat(status(route)).isEqualTo(RouteStatus.ACTIVE);
        return route;
    }

    private void delete(Route route) {
        Route deletion = as(editor, () -> routes.delete(new UserId(editor), project, id(route)));
        execute(job(deploying(deletion)));
        assertThat(manifest(route)).doesNotExist();
    }

    /** @return the deployment of a requested change, approved, and of which nothing is applied yet */
    private ProcessInstance deploying(Route route) {
        approve(approver, route.approval());
        as(editor, () -> deployments.deploy(new UserId(editor), project, id(route)));
        return deployment(route);
    }

    private void deploy(Route route) {
        as(editor, () -> deployments.deploy(new UserId(editor), project, id(route)));
        execute(job(deployment(route)));
    }

    private ApiClient client(String name) {
        return as(editor, () -> clients.create(new UserId(editor), project, name, "web", null))
                .client();
    }

    private Attachment attachment(Route route, String client) {
        String id = client(client).id().toString();
        return as(editor, () -> attachments.attach(new UserId(editor), project, id(route), id));
    }

    private RouteStatus status(Route route) {
        return routes.get(new UserId(editor), project, id(route)).status();
    }

    private Path manifest(Route route) {
        return MANIFESTS.resolve(project).resolve("httproute-shop." + route.name() + ".yaml");
    }

    private String policy(Route route) throws IOException {
        return Files.readString(MANIFESTS.resolve(project).resolve("securitypolicy-shop." + route.name() + ".yaml"));
    }

    private static String id(Route route) {
        return route.id().toString();
    }

    private static ProcessInstance deployment(Route route) {
        return processInstanceQuery()
                .processDefinitionKey("carry-out")
                .variableValueEquals("subject", id(route))
                .singleResult();
    }
}
