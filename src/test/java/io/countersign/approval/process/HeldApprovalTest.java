package io.countersign.approval.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.deciding.Decisions;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A transaction that holds an approval follows what it writes instead of reading it again. What it knows at its end is
 * what the next one reads, whatever was done.
 */
class HeldApprovalTest extends ProcessTest {

    @Autowired
    private Decisions decisions;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient jdbc;

    private Org org;
    private String second;
    private String third;

    @BeforeEach
    void organization_with_three_owners() {
        org = given.organization();
        second = owner();
        third = owner();
    }

    @Test
    void submission_is_known_as_it_is_read() {
        Approval known = transaction.execute(status -> approvals.get(request(1).id()));

        assertThat(approvals.get(known.id())).isEqualTo(known);
    }

    @Test
    void approvals_of_each_stage_are_known_as_they_are_read() {
        Approval request = request(2);

        Approval first = known(org.owner(), () -> decide(request, 1, DecisionKind.APPROVE, null));
        assertThat(first.openStage().orElseThrow().decisions()).hasSize(1);
        Approval opened = known(second, () -> decide(request, 1, DecisionKind.APPROVE, "Fine."));
        assertThat(opened.openStage().orElseThrow().taskId()).isPresent();
        known(second, () -> decide(request, 2, DecisionKind.APPROVE, null));
        Approval approved = known(third, () -> decide(request, 2, DecisionKind.APPROVE, null));

        assertThat(approved.status()).isEqualTo(ApprovalStatus.APPROVED);
        assertThat(approved.closedAt()).isPresent();
    }

    @Test
    void rejection_is_known_as_it_is_read() {
        Approval request = request(2);

        Approval rejected = known(org.owner(), () -> decide(request, 1, DecisionKind.REJECT, "Too big."));

        assertThat(rejected.rejection()).isPresent();
    }

    @Test
    void question_and_its_answer_are_known_as_they_are_read() {
        Approval request = request(1);

        Approval asked = known(
                org.owner(), () -> decisions.ask(request.id(), request.stage(1).id(), "How many users?"));
        assertThat(asked.openQuestion()).isPresent();
        Approval answered = known(org.admin(), () -> decisions.answer(request.id(), "About 300."));

        assertThat(answered.openStage().orElseThrow().taskId()).isPresent();
        assertThat(answered.round()).isOne();
    }

    @Test
    void approval_taken_back_is_known_as_it_is_read() {
        Approval request = request(1);
        known(org.owner(), () -> decide(request, 1, DecisionKind.APPROVE, null));

        Approval before = known(
                org.owner(),
                () -> decisions.takeBack(request.id(), request.stage(1).id(), "Wrong one."));

        assertThat(before.stage(1).former()).hasSize(1);
    }

    @Test
    void cancellation_is_known_as_it_is_read() {
        Approval request = request(1);

        known(org.admin(), () -> decisions.cancel(request.id()));
    }

    @Test
    void carrying_out_is_known_as_it_is_read() {
        Approval request = request(1);
        as(org.owner(), () -> decide(request, 1, DecisionKind.APPROVE, null));
        as(second, () -> decide(request, 1, DecisionKind.APPROVE, null));

        Approval carriedOut = transaction.execute(status -> {
            approvals.carryOut(request.id(), CanonicalJson.read(request.content()));
            return approvals.get(request.id());
        });

        assertThat(carriedOut.carriedOutAt()).isPresent();
        assertThat(approvals.get(request.id())).isEqualTo(carriedOut);
    }

    @Test
    void what_is_rolled_back_is_forgotten() {
        Approval request = request(2);
        Approval before = approvals.get(request.id());

        transaction.executeWithoutResult(status -> {
            as(org.owner(), () -> decide(request, 1, DecisionKind.REJECT, "Too big."));
            status.setRollbackOnly();
        });

        assertThat(transaction.<Approval>execute(status -> approvals.get(request.id())))
                .isEqualTo(before);
    }

    @Test
    void decision_that_others_take_while_the_lock_is_waited_for_is_read() {
        Approval request = request(1);

        CompletableFuture<Approval> waiting = transaction.execute(status -> {
            as(org.owner(), () -> decide(request, 1, DecisionKind.APPROVE, null));
            CompletableFuture<Approval> other =
                    CompletableFuture.supplyAsync(() -> transaction.execute(apart -> approvals.hold(request.id())));
            await().until(this::somebodyWaitsForAnApproval);
            return other;
        });

        assertThat(waiting.join().stage(1).decisions()).hasSize(1);
        assertThat(waiting.join()).isEqualTo(approvals.get(request.id()));
    }

    private boolean somebodyWaitsForAnApproval() {
        return jdbc.sql("""
                        select exists (select from pg_stat_activity
                                       where wait_event_type = 'Lock' and query like '%for no key update of a%')""").query(Boolean.class).single();
    }

    private Approval decide(Approval request, int stage, DecisionKind kind, String comment) {
        return decisions.decide(request.id(), request.stage(stage).id(), kind, comment, Optional.empty());
    }

    /** @return what the deed's transaction knew at its end, which is what is read after it */
    private Approval known(String person, Supplier<Approval> deed) {
        Approval known = as(person, deed);
        ApprovalId id = known.id();
        assertThat(approvals.get(id)).isEqualTo(known);
        return known;
    }

    /** @return a request with so many stages, each of which needs two owners */
    private Approval request(int stages) {
        List<StagePolicy> policy = IntStream.rangeClosed(1, stages)
                .mapToObj(order -> new StagePolicy(order, Permission.CLUSTER_APPROVE, TeamScope.ANY, 2))
                .toList();
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), new Policy(policy, false));
    }

    private String owner() {
        String person = given.person("owner");
        given.member(org.id(), person, OrganizationRole.OWNER);
        return person;
    }
}
