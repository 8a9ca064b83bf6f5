package io.countersign.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.SequenceFlows;
import io.countersign.api.http.IfMatch;
import io.countersign.api.problem.Conflict;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Policy;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.waiting.OverdueSweep;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterRequests;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.cluster.NodeGroup;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** An approved cluster until the first write: it lapses, is cancelled, is taken back, is deleted. */
class UntouchedClusterTest extends ProcessTest {

    private static final ClusterSpec SPEC = new ClusterSpec(
            "aws", "eu-west-1", "1.31", List.of(new NodeGroup("workers", 1, 3, List.of("t3.large"), Map.of())));

    private static final String BY_HAND = "kind: Cluster\nmetadata: {labels: {team: legacy}}\n";

    @Autowired
    private Clusters clusters;

    @Autowired
    private Decisions decisions;

    @Autowired
    private Policies policies;

    @Autowired
    private Freezes freezes;

    @Autowired
    private OverdueSweep sweep;

    @Autowired
    private SequenceFlows flows;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private Org org;
    private UserId owner;
    private UserId admin;
    private Cluster cluster;
    private ProcessInstance process;
    private Freeze freeze;

    @BeforeEach
    void approved_cluster_that_waits_for_the_end_of_a_window() {
        org = given.organization();
        owner = new UserId(org.owner());
        admin = new UserId(org.admin());
        policies.change(
                owner,
                org.scope(),
                ClusterRequests.TYPE,
                Optional.empty(),
                IfMatch.version(
                        policies.of(org.scope(), ClusterRequests.TYPE, "").hash()),
                present -> new Policy(present.stages(), false, new WaitingPolicy(null, null, null, "P1D")));
        freeze = freezes.add(owner, org.scope(), null, Instant.now().plusSeconds(3600), "Quarter end");
        cluster = as(org.admin(), () -> clusters.request(admin, org.id(), given.unique("cluster"), SPEC));
        process = processInstanceQuery()
                .processInstanceId(cluster.processInstanceId())
                .singleResult();
        approve(org.owner(), cluster.approvalId());
        execute(job(provisioning()));
        assertThat(now().statusReason()).contains("frozen until");
    }

    @Test
    void is_provisioned_when_the_window_ends_and_is_touched_only_then() {
        assertThat(approvals.get(cluster.approvalId()).releasedAt()).isPresent();
        assertThat(approvals.get(cluster.approvalId()).carriedOutAt()).isEmpty();

        thaw();

        assertThat(approvals.get(cluster.approvalId()).carriedOutAt()).isPresent();
        assertThat(file()).exists();
        assertThat(now().statusReason()).isNull();
    }

    @Test
    void is_asked_for_again_if_its_approval_lapsed_when_the_window_ends() {
        letLapse();

        thaw();

        assertThat(process).isWaitingAt("approve-cluster");
        assertThat(file()).doesNotExist();
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThat(now().statusReason()).contains("must be given again");
        assertThat(flows.takenBy(process.getId())).contains("approval-lapsed-to-approval-due");
        approve(org.owner(), cluster.approvalId());
        execute(job(provisioning()));
        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
    }

    @Test
    void is_asked_for_again_as_soon_as_its_approval_lapses() {
        letLapse();

        transaction.executeWithoutResult(status -> sweep.run());

        assertThat(process).isWaitingAt("approve-cluster");
        assertThat(provisioningOrNone()).isEmpty();
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThat(approvals.get(cluster.approvalId()).status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(flows.takenBy(process.getId())).contains("approval-reopened-to-approval-due");
        reject(org.owner(), cluster.approvalId(), "too late");
        assertThat(now().status()).isEqualTo(ClusterStatus.REJECTED);
    }

    @Test
    void is_cancelled_with_its_request() {
        as(org.admin(), () -> decisions.cancel(cluster.approvalId()));

        assertThat(process).isEnded();
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(file()).doesNotExist();
        assertThat(flows.takenBy(process.getId()))
                .contains("cancellation-recorded-to-withdraw-request", "withdraw-request-to-request-withdrawn");
    }

    @Test
    void is_cancelled_while_an_operator_has_it_suspended() {
        runtimeService().suspendProcessInstanceById(process.getId());
        runtimeService().suspendProcessInstanceById(provisioning().getId());

        as(org.admin(), () -> decisions.cancel(cluster.approvalId()));

        assertThat(process).isEnded();
        assertThat(provisioningOrNone()).isEmpty();
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
    }

    @Test
    void is_deleted_without_any_write() {
        as(org.owner(), () -> clusters.delete(owner, org.id(), cluster.name()));

        assertThat(process).isEnded();
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(approvals.get(cluster.approvalId()).status()).isEqualTo(ApprovalStatus.CANCELLED);
    }

    @Test
    void waits_for_its_approval_again_once_that_is_taken_back() {
        Approval approved = approvals.get(cluster.approvalId());

        as(
                org.owner(),
                () -> decisions.takeBack(approved.id(), approved.stage(1).id(), "Too large"));

        assertThat(process).isWaitingAt("approve-cluster");
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThat(now().statusReason()).contains("taken back");
    }

    @Test
    void is_past_cancelling_and_taking_back_once_a_write_was_tried() throws IOException {
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
        freezes.lift(owner, org.scope(), freeze.id(), "over");
        execute(job(provisioning()));
        assertThatThrownBy(() -> execute(job(provisioning()))).hasMessageContaining("Cannot write");

        Approval approved = approvals.get(cluster.approvalId());
        assertThat(approved.carriedOutAt()).isPresent();
        assertThatThrownBy(() -> as(org.admin(), () -> decisions.cancel(cluster.approvalId())))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("carried out already");
        assertThatThrownBy(() -> as(
                        org.owner(),
                        () -> decisions.takeBack(
                                approved.id(), approved.stage(1).id(), "Too late")))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("carried out already");
    }

    @Test
    void is_cancelled_after_the_target_refused_it_at_first_contact() throws IOException {
        refuseFirstTry();

        assertThat(approvals.get(cluster.approvalId()).carriedOutAt()).isEmpty();
        as(org.admin(), () -> decisions.cancel(cluster.approvalId()));
        assertThat(process).isEnded();
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(file()).hasContent(BY_HAND);
    }

    @Test
    void lapses_after_the_target_refused_it_at_first_contact() throws IOException {
        refuseFirstTry();
        Files.delete(file());
        letLapse();

        execute(job(provisioning()));

        assertThat(process).isWaitingAt("approve-cluster");
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThat(file()).doesNotExist();
    }

    @Test
    void is_created_by_a_later_try_once_nothing_is_in_its_place() throws IOException {
        refuseFirstTry();
        Files.delete(file());

        execute(job(provisioning()));

        assertThat(approvals.get(cluster.approvalId()).carriedOutAt()).isPresent();
        assertThat(file()).content().contains("countersign.io/organization");
    }

    @Test
    void is_cancelled_after_the_target_did_not_answer_at_first_contact() throws IOException {
        Files.createDirectories(file().getParent());
        Files.write(file(), new byte[] {(byte) 0xff});
        freezes.lift(owner, org.scope(), freeze.id(), "over");
        execute(job(provisioning()));
        assertThatThrownBy(() -> execute(job(provisioning()))).hasMessageContaining("Cannot read");

        assertThat(approvals.get(cluster.approvalId()).carriedOutAt()).isEmpty();
        as(org.admin(), () -> decisions.cancel(cluster.approvalId()));
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
    }

    /** Puts somebody else's cluster in its place and lets the window end. */
    private void refuseFirstTry() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), BY_HAND);
        freezes.lift(owner, org.scope(), freeze.id(), "over");
        execute(job(provisioning()));
        assertThatThrownBy(() -> execute(job(provisioning()))).hasMessageContaining("exists already");
    }

    /** Lifts the window, whose timer then lets the provisioning look again. */
    private void thaw() {
        freezes.lift(owner, org.scope(), freeze.id(), "over");
        execute(job(provisioning()));
        execute(job(provisioning()));
    }

    private void letLapse() {
        jdbc.sql("""
                        update approvals set closed_at = closed_at - interval '2 days',
                                             attention_due_at = attention_due_at - interval '2 days'
                        where id = ?""").param(cluster.approvalId().value()).update();
    }

    private Cluster now() {
        return clusters.get(owner, org.id(), cluster.name());
    }

    private ProcessInstance provisioning() {
        return provisioningOrNone().get(0);
    }

    private List<ProcessInstance> provisioningOrNone() {
        return processInstanceQuery()
                .superProcessInstanceId(process.getId())
                .processDefinitionKey("carry-out")
                .list();
    }

    private Path file() {
        return MANIFESTS.resolve(org.id()).resolve("cluster-" + cluster.name() + ".yaml");
    }
}
