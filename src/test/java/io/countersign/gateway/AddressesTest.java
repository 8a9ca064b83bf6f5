package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where a client may call a route from is part of what was approved: less is free, more is a request. */
class AddressesTest extends ServerTest {

    private static final String APPROVED = "10.1.0.0/16";

    @Autowired
    private JdbcClient jdbc;

    private Gateway gateway;
    private String route;
    private String client;
    private String attachment;

    @BeforeEach
    void client_that_may_call_a_deployed_route_from_one_network() {
        gateway = Gateway.of(ServerTest::as, given);
        route = gateway.activeRoute("cart");
        client = gateway.post(
                        gateway.editor,
                        "/clients",
                        Map.of("name", "partner", "team", "web", "ip_addresses", List.of(APPROVED)))
                .expect(201)
                .at("/id");
        attachment = gateway.activeAttachment(route, client);
    }

    @Test
    void approvers_see_where_the_client_may_call_from() {
        assertThat(approval(request()).at("/content/ip_addresses/0")).isEqualTo(APPROVED);
    }

    @Test
    void narrower_networks_hold_at_once_and_need_nobody() {
        Client.Answer changed = set("10.1.2.0/24").expect(200);

        assertThat(changed.at("/ip_addresses/0")).isEqualTo("10.1.2.0/24");
        assertThat(changed.json().get("approval_ids")).isEmpty();
        await().untilAsserted(() -> assertThat(policy()).contains("10.1.2.0/24").doesNotContain(APPROVED));
    }

    @Test
    void networks_within_those_approved_do_not_wait_for_a_window() {
        freeze();

        set("10.1.2.3").expect(200);

        await().untilAsserted(() -> assertThat(policy()).contains("10.1.2.3/32"));
    }

    @Test
    void any_address_is_a_request_and_what_was_approved_stays_in_force() throws IOException {
        Client.Answer asked = set().expect(202);

        assertThat(asked.at("/ip_addresses/0")).isEqualTo(APPROVED);
        Submitted request = new Submitted(attachment, asked.at("/approval_ids/0"));
        assertThat(approval(request).at("/action")).isEqualTo("update");
        assertThat(approval(request).at("/content/ip_addresses/0")).isEqualTo("any");
        gateway.deploy(gateway.editor, route);
        gateway.awaitRoute(route, "active");
        assertThat(policy()).contains(APPROVED);
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("active");

        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        assertThat(policy()).contains(APPROVED);
        deploy();

        assertThat(policy()).contains("partner").doesNotContain(APPROVED, "clientCIDRs");
        assertThat(gateway.get(gateway.owner, "/clients/" + client)
                        .expect(200)
                        .json()
                        .get("ip_addresses"))
                .isEmpty();
        set("10.9.0.0/16").expect(200);
    }

    @Test
    void client_itself_cannot_decide_that_it_may_call_from_more() {
        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));

        gateway.decide(gateway.editor, request, "approve", Map.of()).expectProblem(403, "self_approval");
        gateway.decide(gateway.approver, request, "approve", Map.of()).expectProblem(403, "wrong_team");
    }

    @Test
    void further_networks_wait_for_a_window() throws IOException {
        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));
        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        freeze();

        gateway.deploy(gateway.editor, route);
        await().until(() ->
                gateway.get(gateway.owner, "/routes/" + route).text().contains("Waiting: frozen until"));

        assertThat(policy()).contains(APPROVED).doesNotContain("10.0.0.0/8");
        gateway.cancel(gateway.editor, request).expect(200);
        assertThat(attachment().at("/ip_addresses/0")).isEqualTo(APPROVED);
    }

    @Test
    void rejected_networks_change_nothing_and_can_be_asked_for_again() {
        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));

        gateway.reject(gateway.paymentsApprover, request);

        assertThat(attachment().at("/status")).isEqualTo("active");
        assertThat(attachment().at("/ip_addresses/0")).isEqualTo(APPROVED);
        set("10.0.0.0/8").expect(202);
    }

    @Test
    void request_for_networks_that_are_no_longer_wanted_is_withdrawn() {
        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));

        set("10.1.2.0/24").expect(200);

        assertThat(gateway.approval(request).get("status").asText()).isEqualTo("cancelled");
        assertThat(attachment().at("/ip_addresses/0")).isEqualTo("10.1.2.0/24");
    }

    @Test
    void same_networks_are_asked_for_once() {
        String first = set("10.0.0.0/8").expect(202).at("/approval_ids/0");

        assertThat(set("10.0.0.0/8").expect(202).at("/approval_ids/0")).isEqualTo(first);
    }

    @Test
    void request_to_attach_is_not_widened_while_it_is_decided() {
        String other = gateway.activeRoute("basket");
        Submitted pending = gateway.submitAttachment(gateway.editor, other, client);

        set("10.0.0.0/8").expectProblem(409, "request_pending");
        set("10.1.2.0/24").expect(200);

        gateway.approve(gateway.paymentsApprover, pending);
        gateway.approve(gateway.approver, pending);
        gateway.deploy(gateway.editor, other);
        gateway.awaitAttachment(pending.id(), "active");
        assertThat(gateway.get(gateway.owner, "/attachments/" + pending.id()).at("/ip_addresses/0"))
                .isEqualTo("10.1.2.0/24");
    }

    @Test
    void networks_altered_behind_the_approval_are_not_deployed() throws IOException {
        jdbc.sql("update attachments set ip_addresses = '{}' where id = ?::uuid")
                .param(attachment)
                .update();

        gateway.deploy(gateway.editor, route);

        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        gateway.get(gateway.owner, "/routes/" + route).text().contains("go beyond"));
        assertThat(policy()).contains(APPROVED);
    }

    @Test
    void detaching_waits_for_the_request_for_further_networks() {
        set("10.0.0.0/8").expect(202);

        gateway.delete(gateway.editor, "/attachments/" + attachment).expectProblem(409, "request_pending");
    }

    @Test
    void deleting_a_client_withdraws_its_request_for_further_networks() {
        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));

        gateway.delete(gateway.editor, "/clients/" + client).expect(202);

        assertThat(gateway.approval(request).get("status").asText()).isEqualTo("cancelled");
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("pending_detach");
    }

    @Test
    void widening_has_a_policy_of_its_own() {
        as(gateway.owner)
                .putPolicy(
                        "/api/v1/projects/" + gateway.project + "/policies/client_attachment?action=update",
                        List.of(Map.of("order", 1, "required_permission", "client.approve", "team_scope", "any")))
                .expect(200);

        Submitted request =
                new Submitted(attachment, set("10.0.0.0/8").expect(202).at("/approval_ids/0"));

        assertThat(gateway.approval(request).get("stages")).hasSize(1);
    }

    private Client.Answer set(String... networks) {
        return gateway.put(
                gateway.editor, "/clients/" + client + "/ip-addresses", Map.of("ip_addresses", List.of(networks)));
    }

    private void deploy() {
        gateway.deploy(gateway.editor, route);
        gateway.awaitRoute(route, "active");
        await().until(() -> attachment().at("/action").equals("attach"));
    }

    private void freeze() {
        gateway.post(
                        gateway.admin,
                        "/freezes",
                        Map.of("ends_at", Instant.now().plus(Duration.ofDays(1)).toString(), "reason", "Black Friday"))
                .expect(201);
    }

    private Client.Answer attachment() {
        return gateway.get(gateway.owner, "/attachments/" + attachment).expect(200);
    }

    private Submitted request() {
        return new Submitted(attachment, attachment().at("/approval_id"));
    }

    private Client.Answer approval(Submitted request) {
        return as(gateway.owner).get("/api/v1/approvals/" + request.approval()).expect(200);
    }

    private String policy() throws IOException {
        return Files.readString(MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml"));
    }
}
