package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.ServerTest;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.waiting.OverdueSweep;
import io.countersign.gateway.Gateway.Submitted;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** An attachment whose approval is not used within the time that its policy allows. */
class LapsedAttachmentTest extends ServerTest {

    @Autowired
    private Approvals approvals;

    @Autowired
    private OverdueSweep sweep;

    @Autowired
    private TransactionTemplate transaction;

    private Gateway gateway;
    private String route;
    private Submitted attachment;

    @BeforeEach
    void attachment_that_was_approved_too_long_ago() {
        gateway = Gateway.of(ServerTest::as, given);
        route = gateway.activeRoute("cart");
        gateway.letLapse("client_attachment", "client.approve", "PT2S");
        attachment = gateway.submitAttachment(gateway.editor, route, gateway.client(gateway.editor, "partner", "web"));
        gateway.approve(gateway.approver, attachment);
        await().until(() ->
                approvals.get(ApprovalId.parse(attachment.approval())).lapsed(Instant.now()) || isPendingAgain());
    }

    @Test
    void is_left_out_when_its_route_is_deployed() {
        gateway.deploy(gateway.editor, route);

        gateway.awaitRoute(route, "active");
        assertThat(gateway.attachmentStatus(attachment.id())).isEqualTo("approved");
    }

    @Test
    void is_left_out_when_its_route_is_deployed_while_it_is_to_be_approved_again() {
        await().until(this::isPendingAgain);

        gateway.deploy(gateway.editor, route);

        gateway.awaitRoute(route, "active");
        assertThat(gateway.attachmentStatus(attachment.id())).isEqualTo("approved");
    }

    @Test
    void is_deployed_with_its_route_once_it_is_approved_again() {
        await().until(this::isPendingAgain);
        gateway.approve(gateway.paymentsApprover, attachment);

        gateway.deploy(gateway.editor, route);

        gateway.awaitAttachment(attachment.id(), "active");
    }

    private boolean isPendingAgain() {
        transaction.executeWithoutResult(status -> sweep.run());
        return gateway.approval(attachment).get("status").asText().equals("pending");
    }
}
