package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.ServerTest;
import io.countersign.approval.waiting.OverdueSweep;
import io.countersign.gateway.Gateway.Submitted;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** A route whose approval is not used within the time that its policy allows. */
class LapsedApprovalTest extends ServerTest {

    @Autowired
    private OverdueSweep sweep;

    @Autowired
    private TransactionTemplate transaction;

    private Gateway gateway;
    private Submitted request;

    @BeforeEach
    void route_that_was_approved_too_long_ago() {
        gateway = Gateway.of(ServerTest::as, given);
        gateway.letLapse("route", "route.approve", "PT1S");
        request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        await().until(() -> {
            sweep();
            return gateway.approval(request).get("status").asText().equals("pending");
        });
    }

    @Test
    void is_not_deployed_until_it_is_approved_again() {
        assertThat(gateway.routeStatus(request.id())).isEqualTo("approved");
        gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null)
                .expectProblem(409, "not_approved");
        assertThat(gateway.approval(request)
                        .at("/stages/0/former_decisions/0/ended")
                        .asText())
                .isEqualTo("expired");

        gateway.approve(gateway.paymentsApprover, request);
        gateway.deploy(gateway.editor, request.id());

        gateway.awaitRoute(request.id(), "active");
    }

    @Test
    void is_rejected_in_the_end_if_it_is_rejected_then() {
        gateway.reject(gateway.approver, request);

        gateway.awaitRoute(request.id(), "rejected");
    }

    @Test
    void is_rejected_once_cancelled_even_if_its_processes_were_ended() {
        endProcess("route-change", request.approval());

        gateway.cancel(gateway.editor, request).expect(200);

        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
    }

    private void sweep() {
        transaction.executeWithoutResult(status -> sweep.run());
    }
}
