package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.Approvals;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.identity.UserId;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Those who meet over one thing: an approved route that one person deploys while another one cancels its request, and a
 * client that somebody deletes while a request about it is decided. All hold the approvals first.
 */
class DeployAndCancelTest extends ServerTest {

    @Autowired
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void whoever_deploys_waits_for_the_approval_before_holding_the_route_so_that_nobody_waits_in_a_circle() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);

        CompletableFuture<Client.Answer> deployment = holding(request, approval -> {
            CompletableFuture<Client.Answer> deploying = CompletableFuture.supplyAsync(
                    () -> gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null));
            await().pollInSameThread().until(this::somebodyWaitsForThisTransaction);
            requireFree("routes", request.id());
            approvals.cancel(new UserId(gateway.owner), approval);
            return deploying;
        });

        deployment.join().expectProblem(409, "wrong_state");
        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
    }

    @Test
    void whoever_deletes_a_client_waits_for_the_approvals_of_its_attachments_before_holding_them() {
        String route = gateway.activeRoute("cart");
        String client = gateway.client(gateway.editor, "partner", "web");
        Submitted attachment = gateway.submitAttachment(gateway.editor, route, client);

        CompletableFuture<Client.Answer> deletion = holding(attachment, approval -> {
            CompletableFuture<Client.Answer> deleting =
                    CompletableFuture.supplyAsync(() -> gateway.delete(gateway.editor, "/clients/" + client));
            await().pollInSameThread().until(this::somebodyWaitsForThisTransaction);
            requireFree("attachments", attachment.id());
            return deleting;
        });

        assertThat(deletion.join().status()).isLessThan(300);
        assertThat(gateway.attachmentStatus(attachment.id())).isEqualTo("rejected");
    }

    /** @return what is done by a transaction that holds the approval of a request */
    private <T> T holding(Submitted request, Function<ApprovalId, T> deed) {
        return transaction.execute(status -> {
            ApprovalId approval = ApprovalId.parse(request.approval());
            approvals.hold(approval);
            return deed.apply(approval);
        });
    }

    /** Fails if another transaction holds a row. */
    private void requireFree(String table, String id) {
        jdbc.sql("select id from " + table + " where id = ? for update nowait")
                .param(UUID.fromString(id))
                .query(UUID.class)
                .single();
    }

    private boolean somebodyWaitsForThisTransaction() {
        return jdbc.sql("""
                        select exists (select 1 from pg_locks
                                       where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))""").query(Boolean.class).single();
    }
}
