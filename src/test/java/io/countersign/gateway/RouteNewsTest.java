package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.notification.MailTest;
import org.junit.jupiter.api.Test;

class RouteNewsTest extends MailTest {

    @Test
    void mail_about_a_deployment_leads_to_its_request() throws Exception {
        Gateway gateway = Gateway.of(ServerTest::as, given);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);

        gateway.deploy(gateway.editor, request.id());

        assertThat(text(awaitMail(gateway.owner, "Route shop/cart is active")))
                .contains(server() + "/approvals/" + request.approval());
    }
}
