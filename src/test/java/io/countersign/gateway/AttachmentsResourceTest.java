package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import io.countersign.gateway.Gateway.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class AttachmentsResourceTest extends ServerTest {

    private Gateway gateway;
    private String route;
    private String client;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private RuntimeService runtime;

    @BeforeEach
    void routeAndClient() {
        gateway = Gateway.of(ServerTest::as, given);
        route = gateway.activeRoute("cart");
        client = gateway.client(gateway.paymentsEditor, "partner", "payments");
    }

    @Test
    void another_team_approves_first_then_anyone_and_the_next_deployment_makes_it_active() throws IOException {
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);
        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("pending_attach");

        gateway.decide(gateway.approver, request, "approve", Map.of()).expectProblem(403, "wrong_team");
        gateway.approve(gateway.paymentsApprover, request);
        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("pending_attach");
        gateway.approve(gateway.approver, request);
        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("approved");
        assertThat(policy()).doesNotContain("partner");

        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(request.id(), "active");
        assertThat(policy()).contains("\"partner\"", "10.0.0.0/8");
        assertThat(instances(request)).isZero();
    }

    @Test
    void rejection_in_the_second_stage_ends_it() {
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);
        gateway.approve(gateway.paymentsApprover, request);
        gateway.reject(gateway.admin, request);

        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("rejected");
        gateway.deploy(gateway.editor, route);
        gateway.awaitRoute(route, "active");
        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("rejected");
        gateway.submitAttachment(gateway.editor, route, client);
    }

    @Test
    void approved_attachment_is_cancelled_before_its_deployment() {
        Submitted request = approvedAttachment();

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("rejected");
        assertThat(instances(request)).isZero();
    }

    @Test
    void client_and_route_have_one_open_request_at_most() {
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);
        Client.Answer again =
                gateway.post(gateway.admin, "/attachments", Map.of("route_id", route, "client_id", client));
        again.expectProblem(409, "request_pending");
        gateway.delete(gateway.editor, "/attachments/" + request.id()).expectProblem(409, "request_pending");
        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(request.id(), "active");

        gateway.post(gateway.editor, "/attachments", Map.of("route_id", route, "client_id", client))
                .expectProblem(409, "already_attached");
        gateway.delete(gateway.editor, "/attachments/" + request.id()).expect(202);
        gateway.delete(gateway.editor, "/attachments/" + request.id()).expectProblem(409, "request_pending");
    }

    @Test
    void approved_detachment_is_removed_by_the_next_deployment() throws IOException {
        String attachment = gateway.activeAttachment(route, client);

        Submitted request = Gateway.submitted(gateway.delete(gateway.editor, "/attachments/" + attachment));
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("pending_detach");
        // It still is attached, also for a deployment meanwhile.
        gateway.deploy(gateway.editor, route);
        gateway.awaitRoute(route, "active");
        assertThat(policy()).contains("\"partner\"");
        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("approved");
        assertThat(policy()).contains("\"partner\"");

        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(attachment, "removed");
        assertThat(policy()).doesNotContain("partner").contains("Deny");
        assertThat(instances(request)).isZero();
    }

    @Test
    void refused_detachment_stays_active() {
        String attachment = gateway.activeAttachment(route, client);

        Submitted rejected = Gateway.submitted(gateway.delete(gateway.editor, "/attachments/" + attachment));
        gateway.reject(gateway.paymentsApprover, rejected);
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("active");

        Submitted cancelled = Gateway.submitted(gateway.delete(gateway.editor, "/attachments/" + attachment));
        gateway.approve(gateway.paymentsApprover, cancelled);
        gateway.approve(gateway.approver, cancelled);
        gateway.cancel(gateway.editor, cancelled).expect(200);
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("active");
    }

    @Test
    void attachments_of_a_deleted_route_are_removed_and_their_requests_withdrawn() {
        String active = gateway.activeAttachment(route, client);
        Submitted pending = gateway.submitAttachment(
                gateway.editor, route, gateway.client(gateway.paymentsEditor, "second", "payments"));
        client = gateway.client(gateway.paymentsEditor, "third", "payments");
        Submitted approved = approvedAttachment();
        Submitted deletion = Gateway.submitted(gateway.delete(gateway.editor, "/routes/" + route));
        gateway.post(gateway.editor, "/attachments", Map.of("route_id", route, "client_id", client))
                .expectProblem(409, "wrong_state");
        gateway.approve(gateway.approver, deletion);

        gateway.deploy(gateway.editor, route);

        gateway.awaitRouteGone(route);
        for (String attachment : new String[] {active, pending.id(), approved.id()}) {
            assertThat(gateway.attachmentStatus(attachment)).isEqualTo("removed");
        }
        assertThat(gateway.approval(pending).get("status").asText()).isEqualTo("cancelled");
        assertThat(gateway.approval(approved).get("status").asText()).isEqualTo("cancelled");
        assertThat(instances(pending) + instances(approved)).isZero();
    }

    @Test
    void attachment_that_was_exchanged_after_its_approval_is_not_deployed() throws IOException {
        Submitted request = approvedAttachment();
        String other = gateway.client(gateway.paymentsEditor, "intruder", "payments");
        jdbc.sql("update countersign.attachments set client_id = ?::uuid where id = ?::uuid")
                .params(other, request.id())
                .update();

        gateway.post(gateway.editor, "/routes/" + route + "/deploy", null).expectProblem(409, "not_approved");

        assertThat(gateway.routeStatus(route)).isEqualTo("active");
        assertThat(policy()).doesNotContain("intruder");
    }

    @Test
    void attachment_that_nobody_approved_is_not_deployed() {
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);
        jdbc.sql("update countersign.attachments set status = 'approved' where id = ?::uuid")
                .param(request.id())
                .update();

        gateway.post(gateway.editor, "/routes/" + route + "/deploy", null).expectProblem(409, "not_approved");
    }

    @Test
    void public_route_takes_no_clients() {
        Map<String, Object> body = new HashMap<>(Gateway.route("open"));
        body.put("access", "public");
        Submitted open = Gateway.submitted(gateway.post(gateway.editor, "/domains/shop/routes", body));
        gateway.approve(gateway.approver, open);
        gateway.deploy(gateway.editor, open.id());
        gateway.awaitRoute(open.id(), "active");

        assertThat(MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.open.yaml"))
                .doesNotExist();
        gateway.post(gateway.editor, "/attachments", Map.of("route_id", open.id(), "client_id", client))
                .expectProblem(422, "invalid_input");
        gateway.submitAttachment(gateway.editor, route, client);
        Map<String, Object> opened = new HashMap<>(Gateway.route("cart"));
        opened.put("access", "public");
        assertThat(gateway.put(gateway.editor, "/routes/" + route, opened)
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("access");
    }

    @Test
    void unknown_route_or_client_is_named() {
        String unknown = "00000000-0000-0000-0000-000000000000";
        assertThat(gateway.post(gateway.editor, "/attachments", Map.of("route_id", unknown, "client_id", client))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("route_id");
        assertThat(gateway.post(gateway.editor, "/attachments", Map.of("route_id", route, "client_id", "x"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("client_id");
        Gateway other = Gateway.of(ServerTest::as, given);
        other.post(other.editor, "/attachments", Map.of("route_id", route, "client_id", client))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void failed_deployment_is_told_with_the_attachment_that_it_carries_out() throws IOException {
        Submitted request = approvedAttachment();
        Path policy = MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml");
        Files.delete(policy);
        Files.createDirectories(policy.resolve("in-the-way"));

        gateway.deploy(gateway.editor, route);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.get(gateway.viewer, "/attachments/" + request.id())
                                .at("/attempt"))
                        .isEqualTo("3"));
        assertThat(gateway.get(gateway.viewer, "/attachments").at("/items/0/failure"))
                .startsWith("Cannot write SecurityPolicy ");
        assertThat(gateway.approval(request).get("attempts").asInt()).isEqualTo(3);
        Visitor visitor = new Visitor(server());
        visitor.signIn(gateway.viewer);
        for (String page : List.of("/attachments", "/attachments/" + request.id(), "/routes/" + route)) {
            assertThat(visitor.get("/projects/" + gateway.project + page)
                            .expect(200)
                            .text()
                            .replaceAll("<[^>]*>", ""))
                    .containsIgnoringCase("attempt 3 of 3 failed");
        }
        Files.delete(policy.resolve("in-the-way"));
        Files.delete(policy);
    }

    private Submitted approvedAttachment() {
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);
        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        return request;
    }

    private String policy() throws IOException {
        return Files.readString(MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml"));
    }

    private long instances(Submitted request) {
        return runtime.createProcessInstanceQuery()
                .variableValueEquals("approvalId", request.approval())
                .count();
    }
}
