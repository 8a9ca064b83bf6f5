package io.countersign.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.managementService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.runtimeService;

import io.countersign.Fixtures.Org;
import io.countersign.HeldTarget;
import io.countersign.ProcessTest;
import io.countersign.api.http.IfMatch;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.approval.preview.Previews;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterEvent;
import io.countersign.cluster.ClusterRequests;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.cluster.NodeGroup;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Updates and deletions of a running cluster in an organization that asks for approval of them. */
class ClusterChangeApprovalTest extends ProcessTest {

    private static final ClusterSpec SMALL = spec(1, "t3.small");
    private static final ClusterSpec HUGE = spec(1000, "p5.48xlarge");

    @Autowired
    private Clusters clusters;

    @Autowired
    private Decisions decisions;

    @Autowired
    private Policies policies;

    @Autowired
    private Previews previews;

    @Autowired
    private Freezes freezes;

    @Autowired
    private HeldTarget target;

    @Autowired
    private JdbcClient jdbc;

    private Org org;
    private UserId owner;
    private UserId admin;
    private String second;
    private Cluster cluster;

    @BeforeEach
    void running_cluster_whose_growth_and_deletion_need_approval() {
        org = given.organization();
        owner = new UserId(org.owner());
        admin = new UserId(org.admin());
        second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        ask("update", false);
        ask("delete", false);
        cluster = as(org.owner(), () -> clusters.request(owner, org.id(), given.unique("cluster"), SMALL));
        carryOut();
        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
    }

    @AfterEach
    void let_the_target_be() {
        target.holdUp(false);
    }

    @Test
    void growth_waits_for_an_owner_and_changes_nothing_until_then() {
        grow(admin);

        assertThat(process()).isWaitingAt("approve-cluster");
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThat(now().spec()).isEqualTo(SMALL);
        assertThat(file()).content().contains("t3.small").doesNotContain("p5.48xlarge");
        Approval request = approvals.get(now().approvalId());
        assertThat(request.action()).isEqualTo("update");
        assertThat(request.content()).contains("p5.48xlarge");
        assertThat(request.currentContent().orElseThrow()).contains("t3.small");
    }

    @Test
    void approved_growth_is_carried_out_under_its_own_approval() {
        Cluster asked = grow(admin);

        approve(org.owner(), asked.approvalId());
        assertThat(now().status()).isEqualTo(ClusterStatus.UPDATING);
        carryOut();

        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(now().spec()).isEqualTo(HUGE);
        assertThat(asked.approvalId()).isNotEqualTo(cluster.approvalId());
        assertThat(file())
                .content()
                .contains("p5.48xlarge", "countersign.io/approval: \"" + asked.approvalId() + "\"")
                .doesNotContain("no-approval-needed");
    }

    @Test
    void rejected_growth_leaves_the_cluster_running_as_it_is() {
        Cluster asked = grow(admin);
        ProcessInstance process = process();

        reject(org.owner(), asked.approvalId(), "too expensive");

        assertThat(process).isEnded();
        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(now().statusReason()).contains("update was rejected", "too expensive");
        assertThat(now().spec()).isEqualTo(SMALL);
        assertThat(now().approvalId()).isEqualTo(cluster.approvalId());
    }

    @Test
    void cancelled_deletion_leaves_the_cluster_running() {
        Cluster asked = as(org.admin(), () -> clusters.delete(admin, org.id(), cluster.name()));
        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);

        as(org.admin(), () -> decisions.cancel(asked.approvalId()));

        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(file()).exists();
    }

    @Test
    void request_that_is_cancelled_after_its_process_was_ended_leaves_the_cluster_running() {
        Cluster asked = grow(admin);
        runtimeService().deleteProcessInstance(asked.processInstanceId(), "by an administrator");

        as(org.admin(), () -> decisions.cancel(asked.approvalId()));

        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
    }

    @Test
    void approved_deletion_is_carried_out() {
        Cluster asked = as(org.admin(), () -> clusters.delete(admin, org.id(), cluster.name()));

        approve(org.owner(), asked.approvalId());
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETING);
        carryOut();

        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(file()).doesNotExist();
    }

    @Test
    void nothing_else_is_asked_of_a_cluster_that_waits() {
        grow(admin);

        assertThatThrownBy(() -> grow(owner))
                .isInstanceOfSatisfying(
                        Conflict.class, conflict -> assertThat(conflict.code()).isEqualTo(ErrorCode.WRONG_STATE));
    }

    @Test
    void owner_needs_nobody_and_the_object_says_who_asked() {
        grow(owner);
        carryOut();

        assertThat(now().spec()).isEqualTo(HUGE);
        assertThat(file())
                .content()
                .contains("countersign.io/no-approval-needed: \"asked for by " + owner + "\"")
                .contains(now().approvalId().toString());
    }

    @Test
    void owner_who_is_bound_needs_another_owner() {
        ask("update", true);

        Cluster asked = grow(owner);

        assertThat(now().status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
        assertThatThrownBy(() -> approve(org.owner(), asked.approvalId())).hasMessageContaining("self_approval");
        approve(second, asked.approvalId());
        assertThat(now().status()).isEqualTo(ClusterStatus.UPDATING);
    }

    @Test
    void owner_who_is_bound_asks_for_new_clusters_too() {
        ask("create", true);

        Cluster asked = as(org.owner(), () -> clusters.request(owner, org.id(), given.unique("cluster"), SMALL));

        assertThat(asked.status()).isEqualTo(ClusterStatus.APPROVAL_PENDING);
    }

    @Test
    void growth_that_waits_for_a_window_is_cancelled_and_the_cluster_deleted() {
        Freeze freeze = freezes.add(owner, org.scope(), null, Instant.now().plusSeconds(3600), "Quarter end");
        Cluster asked = grow(owner);
        execute(job(provisioning()));
        assertThat(now().status()).isEqualTo(ClusterStatus.UPDATING);
        assertThat(now().statusReason()).contains("frozen until");

        as(org.owner(), () -> clusters.delete(owner, org.id(), cluster.name()));

        assertThat(approvals.get(asked.approvalId()).status().wireName()).isEqualTo("cancelled");
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETING);
        freezes.lift(owner, org.scope(), freeze.id(), "over");
        carryOut();
        assertThat(now().status()).isEqualTo(ClusterStatus.DELETED);
    }

    @Test
    void growth_whose_content_is_altered_after_its_approval_is_not_carried_out() {
        Cluster asked = grow(admin);
        approve(org.owner(), asked.approvalId());
        jdbc.sql("update clusters set request_kubernetes_version = '1.99' where id = ?")
                .param(cluster.id())
                .update();

        assertThatThrownBy(() -> execute(job(provisioning()))).hasMessageContaining("the content differs");

        assertThat(file()).content().doesNotContain("1.99", "p5.48xlarge");
        assertThat(approvals.get(asked.approvalId()).carriedOutAt()).isEmpty();
    }

    @Test
    void failed_growth_is_corrected_under_an_approval_of_its_own() throws IOException {
        Cluster failing = grow(admin);
        approve(org.owner(), failing.approvalId());
        block();
        ProcessInstance provisioning = provisioning();
        while (job(provisioning).getRetries() > 0) {
            assertThatThrownBy(() -> execute(job(provisioning))).isInstanceOf(RuntimeException.class);
        }
        assertThat(now().status()).isEqualTo(ClusterStatus.PROVISIONING_FAILED);
        unblock();

        Cluster refused = update(admin, spec(5, "t3.large"));
        reject(org.owner(), refused.approvalId(), "not now");
        assertThat(now().status()).isEqualTo(ClusterStatus.PROVISIONING_FAILED);
        assertThat(now().statusReason()).contains("change before this one failed", "not now");
        assertThat(now().approvalId()).isEqualTo(failing.approvalId());

        Cluster corrected = update(admin, spec(2, "t3.large"));
        approve(org.owner(), corrected.approvalId());
        carryOut();
        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(file()).content().contains("t3.large");
        assertThat(managementService()
                        .createJobQuery()
                        .processInstanceId(provisioning.getId())
                        .count())
                .isZero();
    }

    @Test
    void failed_growth_that_the_target_never_took_is_called_off_rather_than_corrected() throws IOException {
        Cluster failing = grow(admin);
        approve(org.owner(), failing.approvalId());
        Files.writeString(file(), "kind: Cluster\nmetadata: {}\n");
        ProcessInstance provisioning = provisioning();
        while (job(provisioning).getRetries() > 0) {
            assertThatThrownBy(() -> execute(job(provisioning))).hasMessageContaining("exists already");
        }

        assertThat(clusters.possible(owner, now()))
                .contains(ClusterEvent.DELETE)
                .doesNotContain(ClusterEvent.CORRECT);
        as(org.admin(), () -> decisions.cancel(failing.approvalId()));
        assertThat(now().status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(now().spec()).isEqualTo(SMALL);
        assertThat(clusters.possible(owner, now())).contains(ClusterEvent.UPDATE);
    }

    @Test
    void request_shows_what_it_would_change() {
        Approval growth = approvals.get(grow(admin).approvalId());
        assertThat(previews.of(growth))
                .singleElement()
                .satisfies(change -> assertThat(change.toString()).contains("p5.48xlarge", "t3.small"));
        as(org.admin(), () -> decisions.cancel(growth.id()));

        Approval deletion = approvals.get(as(org.admin(), () -> clusters.delete(admin, org.id(), cluster.name()))
                .approvalId());
        List<ObjectChange> removed = previews.of(deletion);

        assertThat(removed).singleElement().extracting(ObjectChange::planned).isNull();
    }

    private void ask(String action, boolean bindsOwners) {
        policies.change(
                owner,
                org.scope(),
                ClusterRequests.TYPE,
                Optional.of(action),
                IfMatch.version(
                        policies.of(org.scope(), ClusterRequests.TYPE, action).hash()),
                present -> new Policy(
                        Policy.singleStage(Permission.CLUSTER_APPROVE).stages(), false, null, bindsOwners));
    }

    private Cluster grow(UserId person) {
        return update(person, HUGE);
    }

    private Cluster update(UserId person, ClusterSpec spec) {
        return as(
                person.value(),
                () -> clusters.update(
                        person, org.id(), cluster.name(), new ClusterSpec(null, null, null, spec.nodeGroups())));
    }

    /** Runs the jobs of what is being carried out to its end. */
    private void carryOut() {
        ProcessInstance provisioning = provisioning();
        while (job(provisioning) != null) {
            execute(job(provisioning));
        }
    }

    private void block() throws IOException {
        Files.move(MANIFESTS.resolve(org.id()), MANIFESTS.resolve(org.id() + "-away"));
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
    }

    private void unblock() throws IOException {
        Files.delete(MANIFESTS.resolve(org.id()));
        Files.move(MANIFESTS.resolve(org.id() + "-away"), MANIFESTS.resolve(org.id()));
    }

    private Cluster now() {
        return clusters.get(owner, org.id(), cluster.name());
    }

    private ProcessInstance process() {
        return processInstanceQuery()
                .processInstanceId(now().processInstanceId())
                .singleResult();
    }

    private ProcessInstance provisioning() {
        return processInstanceQuery()
                .superProcessInstanceId(now().processInstanceId())
                .singleResult();
    }

    private Path file() {
        return MANIFESTS.resolve(org.id()).resolve("cluster-" + cluster.name() + ".yaml");
    }

    private static ClusterSpec spec(int nodes, String machine) {
        return new ClusterSpec(
                "aws", "eu-west-1", "1.31", List.of(new NodeGroup("workers", 1, nodes, List.of(machine), Map.of())));
    }
}
