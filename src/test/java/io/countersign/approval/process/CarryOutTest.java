package io.countersign.approval.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.NotApproved;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.deciding.Decisions;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The guard of whatever writes to a target, each of its checks for itself: the record is altered behind the rules, as
 * only somebody with the database could.
 */
class CarryOutTest extends ProcessTest {

    @Autowired
    private Decisions decisions;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private Org org;
    private Approval request;

    @BeforeEach
    void request_that_two_owners_approved() {
        org = given.organization();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        request = given.request(
                ClusterRequests.TYPE,
                org.scope(),
                org.admin(),
                new Policy(List.of(new StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, 2)), false));
        approve(org.owner(), request.id());
        approve(second, request.id());
    }

    @Test
    void what_was_approved_is_carried_out_and_on_record() {
        carryOut();

        Approval carriedOut = approvals.get(request.id());
        assertThat(carriedOut.carriedOutAt()).isPresent();
        assertThat(carriedOut.releasedAt()).isPresent();
    }

    @Test
    void carrying_out_again_does_no_harm_and_keeps_the_time() {
        carryOut();
        Instant first = approvals.get(request.id()).carriedOutAt().orElseThrow();

        carryOut();

        assertThat(approvals.get(request.id()).carriedOutAt()).hasValue(first);
    }

    @Test
    void releasing_again_keeps_the_time() {
        release();
        Instant first = approvals.get(request.id()).releasedAt().orElseThrow();

        release();
        carryOut();

        assertThat(approvals.get(request.id()).releasedAt()).hasValue(first);
    }

    @Test
    void rejection_counts_as_nobodys_approval() {
        alter("update approval_decisions set verdict = 'reject' where id = (select max(d.id) from approval_decisions d"
                + " join approval_stages s on s.id = d.stage_id where s.approval_id = ?)");

        refused("lacks decisions");
    }

    @Test
    void approval_that_is_missing_is_noticed() {
        alter("delete from approval_decisions where id = (select max(d.id) from approval_decisions d"
                + " join approval_stages s on s.id = d.stage_id where s.approval_id = ?)");

        refused("lacks decisions");
    }

    @Test
    void stage_that_is_not_approved_is_noticed() {
        alter("update approval_stages set status = 'pending' where approval_id = ?");

        refused("lacks decisions");
    }

    @Test
    void policy_that_was_altered_is_noticed() {
        alter("update approval_stages set min_approvers = 1 where approval_id = ?");

        refused("policy");
    }

    @Test
    void content_that_was_altered_with_what_is_carried_out_is_noticed() {
        alter("update approvals set content = replace(content, '3', '4') where id = ?");
        Object altered = CanonicalJson.read(request.content().replace("3", "4"));

        assertThatThrownBy(() -> carryOut(request.id(), altered))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("content differs");
    }

    @Test
    void text_of_the_content_that_was_altered_alone_is_noticed() {
        alter("update approvals set content = replace(content, '3', '4') where id = ?");

        refused("content differs");
    }

    @Test
    void other_content_is_refused() {
        assertThatThrownBy(() -> carryOut(request.id(), Map.of("name", "other")))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("content differs");
    }

    @Test
    void every_status_but_approved_is_refused() {
        for (ApprovalStatus status :
                List.of(ApprovalStatus.PENDING, ApprovalStatus.REJECTED, ApprovalStatus.CANCELLED)) {
            jdbc.sql("update approvals set status = ? where id = ?")
                    .params(status.wireName(), request.id().value())
                    .update();

            refused("is " + status.wireName());
        }
    }

    @Test
    void nothing_lapses_at_the_request_of_a_process_alone() {
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> approvals.lapse(request.id())))
                .isInstanceOf(NotApproved.class);

        assertThat(approvals.get(request.id()).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void cancelled_request_forgets_its_task() {
        Approval pending = given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));

        as(org.admin(), () -> decisions.cancel(pending.id()));

        assertThat(jdbc.sql("select count(task_id) from approval_stages where approval_id = ?")
                        .param(pending.id().value())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private void refused(String why) {
        assertThatThrownBy(this::carryOut).isInstanceOf(NotApproved.class).hasMessageContaining(why);
        assertThatThrownBy(this::release).isInstanceOf(NotApproved.class).hasMessageContaining(why);
        assertThat(approvals.get(request.id()).carriedOutAt()).isEmpty();
    }

    private void carryOut() {
        carryOut(request.id(), CanonicalJson.read(request.content()));
    }

    private void carryOut(ApprovalId id, Object content) {
        transaction.executeWithoutResult(status -> approvals.carryOut(id, content));
    }

    private void release() {
        transaction.executeWithoutResult(
                status -> approvals.release(request.id(), CanonicalJson.read(request.content())));
    }

    private void alter(String sql) {
        UUID id = request.id().value();
        jdbc.sql(sql).param(id).update();
    }
}
