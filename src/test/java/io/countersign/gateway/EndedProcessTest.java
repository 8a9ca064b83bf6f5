package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests about routes and attachments whose process an administrator ended: they can be cancelled like any other. */
class EndedProcessTest extends ServerTest {

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void pending_route_is_rejected_once_cancelled() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        endProcess("route-change", request.approval());
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_create");

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
        gateway.submitRoute(gateway.editor, "cart");
    }

    @Test
    void route_is_rejected_once_cancelled_if_only_its_stages_were_ended() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        endProcess("approval-stages", request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
    }

    @Test
    void route_whose_update_is_cancelled_stays_active() {
        String route = gateway.activeRoute("cart");
        Submitted request = Gateway.submitted(gateway.put(gateway.editor, "/routes/" + route, Gateway.route("cart")));
        endProcess("route-change", request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.routeStatus(route)).isEqualTo("active");
    }

    @Test
    void approved_route_is_shown_as_stuck_and_rejected_once_cancelled() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        endProcess("route-change", request.approval());
        Client operator = as(given.superadmin());
        assertThat(gateway.approval(request).get("stuck").asBoolean()).isTrue();
        assertThat(operator.all("/api/v1/operations/stuck"))
                .extracting(stuck -> stuck.get("approval_id").asText())
                .contains(request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
        assertThat(operator.all("/api/v1/operations/stuck"))
                .extracting(stuck -> stuck.get("approval_id").asText())
                .doesNotContain(request.approval());
    }

    @Test
    void pending_attachment_is_rejected_once_cancelled() {
        String route = gateway.activeRoute("cart");
        Submitted request =
                gateway.submitAttachment(gateway.editor, route, gateway.client(gateway.editor, "partner", "payments"));
        endProcess("attachment-change", request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("rejected");
    }

    @Test
    void approved_attachment_is_rejected_once_cancelled() {
        Submitted request = approvedAttachment();
        endProcess("attachment-change", request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.attachmentStatus(request.id())).isEqualTo("rejected");
    }

    @Test
    void approved_attachment_is_carried_out_by_the_next_deployment_all_the_same() {
        String route = gateway.activeRoute("cart");
        Submitted request = approvedAttachment(route);
        endProcess("attachment-change", request.approval());

        gateway.deploy(gateway.editor, route);

        gateway.awaitAttachment(request.id(), "active");
        assertThat(gateway.approval(request).get("stuck").asBoolean()).isFalse();
    }

    private Submitted approvedAttachment() {
        return approvedAttachment(gateway.activeRoute("cart"));
    }

    private Submitted approvedAttachment(String route) {
        Submitted request =
                gateway.submitAttachment(gateway.editor, route, gateway.client(gateway.editor, "partner", "payments"));
        gateway.approve(gateway.paymentsApprover, request);
        gateway.approve(gateway.approver, request);
        return request;
    }
}
