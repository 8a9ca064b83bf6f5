package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class RoutesResourceTest extends ServerTest {

    @Test
    void route_goes_from_request_over_approval_and_deployment_to_active() {
        Gateway gateway = Gateway.of(ServerTest::as, given);

        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_create");
        gateway.approve(gateway.approver, request);
        assertThat(gateway.routeStatus(request.id())).isEqualTo("approved");
        assertThat(MANIFESTS.resolve(gateway.project).resolve("httproute-shop.cart.yaml"))
                .doesNotExist();
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");

        assertThat(Files.exists(MANIFESTS.resolve(gateway.project).resolve("httproute-shop.cart.yaml")))
                .isTrue();
    }

    @Test
    void attachment_is_approved_by_another_team_and_becomes_active_with_its_route() {
        Gateway gateway = Gateway.of(ServerTest::as, given);
        String route = gateway.activeRoute("cart");
        String client = gateway.client(gateway.paymentsEditor, "partner", "payments");

        String attachment = gateway.activeAttachment(route, client);

        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("active");
    }
}
