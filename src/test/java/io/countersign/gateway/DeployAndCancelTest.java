package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Approvals;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.identity.UserId;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** An approved route that one person deploys while another one cancels its request. */
class DeployAndCancelTest extends ServerTest {

    @Autowired
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void whoever_deploys_waits_for_the_approval_before_holding_the_route_so_that_nobody_waits_in_a_circle() {
        Gateway gateway = Gateway.of(ServerTest::as, given);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        ApprovalId approval = ApprovalId.parse(request.approval());

        CompletableFuture<Client.Answer> deployment = transaction.execute(status -> {
            approvals.hold(approval);
            CompletableFuture<Client.Answer> deploying = CompletableFuture.supplyAsync(
                    () -> gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null));
            await().pollInSameThread().until(this::somebodyWaitsForThisTransaction);
            jdbc.sql("select id from routes where id = ? for update nowait")
                    .param(UUID.fromString(request.id()))
                    .query(UUID.class)
                    .single();
            approvals.cancel(new UserId(gateway.owner), approval);
            return deploying;
        });

        deployment.join().expectProblem(409, "wrong_state");
        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
    }

    private boolean somebodyWaitsForThisTransaction() {
        return jdbc.sql("""
                        select exists (select 1 from pg_locks
                                       where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))""").query(Boolean.class).single();
    }
}
