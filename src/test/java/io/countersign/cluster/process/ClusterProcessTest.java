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
import io.countersign.SequenceFlows;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.cluster.NodeGroup;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Every path through {@code cluster-approval.bpmn} and {@code carry-out.bpmn}, flow by flow. */
class ClusterProcessTest extends ProcessTest {

    private static final ClusterSpec SPEC = new ClusterSpec(
            "aws", "eu-west-1", "1.31", List.of(new NodeGroup("workers", 1, 3, List.of("t3.large"), Map.of())));

    private static final List<String> PROVISIONED_AT_ONCE = List.of(
            "cluster-requested-to-approved-at-once",
            "approved-at-once-to-release-due",
            "release-due-to-release-cluster",
            "release-cluster-to-provision-cluster",
            "provision-cluster-to-change-done");

    private static final List<String> PROVISIONED_AFTER_APPROVAL = List.of(
            "cluster-requested-to-approved-at-once",
            "approved-at-once-to-approval-due",
            "approval-due-to-approve-cluster",
            "approve-cluster-to-approved",
            "approved-to-release-due",
            "release-due-to-release-cluster",
            "release-cluster-to-provision-cluster",
            "provision-cluster-to-change-done");

    private static final List<String> NOT_APPROVED = List.of(
            "cluster-requested-to-approved-at-once",
            "approved-at-once-to-approval-due",
            "approval-due-to-approve-cluster",
            "approve-cluster-to-approved",
            "approved-to-cancel-cluster",
            "cancel-cluster-to-request-ended");

    private static final List<String> CHANGED_AT_ONCE = List.of(
            "change-started-to-apply-due",
            "apply-due-to-apply-change",
            "apply-change-to-check-due",
            "check-due-to-check-progress",
            "check-progress-to-finished",
            "finished-to-finish-change",
            "finish-change-to-change-finished");

    private static final List<String> CHANGED_AFTER_A_WAIT = List.of(
            "change-started-to-apply-due",
            "apply-due-to-apply-change",
            "apply-change-to-check-due",
            "check-due-to-check-progress",
            "check-progress-to-finished",
            "finished-to-wait-before-next-check",
            "wait-before-next-check-to-check-due",
            "check-due-to-check-progress",
            "check-progress-to-finished",
            "finished-to-wait-before-next-check",
            "wait-before-next-check-to-check-due",
            "check-due-to-check-progress",
            "check-progress-to-finished",
            "finished-to-finish-change",
            "finish-change-to-change-finished");

    @Autowired
    private Clusters clusters;

    @Autowired
    private SequenceFlows flows;

    @Autowired
    private HeldTarget target;

    @AfterEach
    void let_the_target_be() {
        target.holdUp(false);
    }

    @Test
    void owners_request_goes_straight_to_provisioning() {
        Org org = given.organization();
        Cluster cluster = request(org, org.owner());
        ProcessInstance process = process(cluster);
        assertThat(process).isWaitingAt("provision-cluster").hasNotPassed("approve-cluster");

        ProcessInstance provisioning = provisioning(cluster);
        assertThat(provisioning).isWaitingAt("apply-change");
        assertThat(file(cluster)).doesNotExist();
        execute(job(provisioning));

        assertThat(file(cluster)).exists();
        assertThat(provisioning).isEnded();
        assertThat(process).isEnded();
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(flows.takenBy(process.getId())).isEqualTo(PROVISIONED_AT_ONCE);
        assertThat(flows.takenBy(provisioning.getId())).isEqualTo(CHANGED_AT_ONCE);
    }

    @Test
    void admins_request_is_provisioned_after_an_owner_approves() {
        Org org = given.organization();
        Cluster cluster = request(org, org.admin());
        ProcessInstance process = process(cluster);
        assertThat(process).isWaitingAt("approve-cluster").hasNotPassed("release-cluster");

        approve(org.owner(), cluster.approvalId());
        assertThat(process).isWaitingAt("provision-cluster");
        execute(job(provisioning(cluster)));

        assertThat(process).isEnded();
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(flows.takenBy(process.getId())).isEqualTo(PROVISIONED_AFTER_APPROVAL);
    }

    @Test
    void rejected_request_is_cancelled() {
        Org org = given.organization();
        Cluster cluster = request(org, org.admin());
        ProcessInstance process = process(cluster);

        reject(org.owner(), cluster.approvalId(), "too expensive");

        assertThat(process).isEnded().hasNotPassed("release-cluster", "provision-cluster");
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.REJECTED);
        assertThat(flows.takenBy(process.getId())).isEqualTo(NOT_APPROVED);
    }

    @Test
    void withdrawn_request_is_cancelled() {
        Org org = given.organization();
        Cluster cluster = request(org, org.admin());
        ProcessInstance process = process(cluster);

        as(org.admin(), () -> approvals.cancel(new UserId(org.admin()), cluster.approvalId()));

        assertThat(process).isEnded().hasNotPassed("release-cluster", "provision-cluster");
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(flows.takenBy(process.getId())).isEqualTo(NOT_APPROVED);
    }

    @Test
    void cluster_that_is_not_ready_is_looked_at_again() throws IOException {
        Org org = given.organization();
        Cluster cluster = request(org, org.owner());
        ProcessInstance provisioning = provisioning(cluster);
        target.holdUp(true);
        execute(job(provisioning));
        target.holdUp(false);
        Files.delete(file(cluster));

        execute(job(provisioning));
        assertThat(provisioning).isWaitingAt("wait-before-next-check");
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.PROVISIONING);
        assertThat(now(cluster).statusReason()).contains("created again");
        execute(job(provisioning));

        assertThat(provisioning).isEnded();
        assertThat(now(cluster).statusReason()).isNull();
        assertThat(flows.takenBy(provisioning.getId())).isEqualTo(CHANGED_AFTER_A_WAIT);
    }

    @Test
    void update_and_deletion_go_straight_to_provisioning_where_no_policy_asks() {
        Org org = given.organization();
        Cluster cluster = request(org, org.owner());
        execute(job(provisioning(cluster)));

        as(
                org.admin(),
                () -> clusters.update(
                        new UserId(org.admin()), org.id(), cluster.name(), new ClusterSpec(null, null, "1.32", null)));
        Cluster updating = now(cluster);
        ProcessInstance update = process(updating);
        assertThat(update).isWaitingAt("provision-cluster").hasNotPassed("approve-cluster");
        execute(job(provisioning(updating)));
        assertThat(update).isEnded();
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.RUNNING);
        assertThat(file(cluster)).content().contains("v1.32.0");

        as(org.owner(), () -> clusters.delete(new UserId(org.owner()), org.id(), cluster.name()));
        Cluster deleting = now(cluster);
        ProcessInstance deletion = process(deleting);
        execute(job(provisioning(deleting)));
        assertThat(deletion).isEnded();
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.DELETED);
        assertThat(file(cluster)).doesNotExist();
        assertThat(flows.takenBy(update.getId())).isEqualTo(PROVISIONED_AT_ONCE);
        assertThat(flows.takenBy(deletion.getId())).isEqualTo(PROVISIONED_AT_ONCE);
    }

    @Test
    void job_that_gave_up_is_an_incident_and_runs_at_once_when_retried() throws IOException {
        Org org = given.organization();
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
        Cluster cluster = request(org, org.owner());
        ProcessInstance provisioning = provisioning(cluster);
        while (job(provisioning).getRetries() > 0) {
            assertThatThrownBy(() -> execute(job(provisioning))).hasMessageContaining("Cannot write");
        }
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.PROVISIONING_FAILED);
        assertThat(runtimeService()
                        .createIncidentQuery()
                        .processInstanceId(provisioning.getId())
                        .count())
                .isEqualTo(1);
        assertThat(job(provisioning).getDuedate()).isNull();
        Files.delete(MANIFESTS.resolve(org.id()));

        managementService().setJobRetries(job(provisioning).getId(), 1);
        target.holdUp(true);
        execute(job(provisioning));
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.PROVISIONING);
        target.holdUp(false);
        execute(job(provisioning));

        assertThat(provisioning).isEnded();
        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.RUNNING);
    }

    @Test
    void failure_is_the_clusters_whose_process_it_is_whatever_the_variables_say() throws IOException {
        Org org = given.organization();
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
        Cluster cluster = request(org, org.owner());
        ProcessInstance provisioning = provisioning(cluster);
        runtimeService()
                .setVariable(provisioning.getId(), "subject", UUID.randomUUID().toString());

        while (job(provisioning).getRetries() > 0) {
            assertThatThrownBy(() -> execute(job(provisioning))).hasMessageContaining("There is no cluster");
        }

        assertThat(now(cluster).status()).isEqualTo(ClusterStatus.PROVISIONING_FAILED);
        Files.delete(MANIFESTS.resolve(org.id()));
    }

    private Cluster request(Org org, String user) {
        return as(user, () -> clusters.request(new UserId(user), org.id(), given.unique("cluster"), SPEC));
    }

    private Cluster now(Cluster cluster) {
        return clusters.get(cluster.requestedBy(), cluster.organization(), cluster.name());
    }

    /** @return the instance that was started for the cluster's last change */
    private static ProcessInstance process(Cluster cluster) {
        return processInstanceQuery()
                .processInstanceId(cluster.processInstanceId())
                .singleResult();
    }

    /** @return the instance that provisions a new cluster */
    private static ProcessInstance provisioning(Cluster cluster) {
        return processInstanceQuery()
                .superProcessInstanceId(cluster.processInstanceId())
                .singleResult();
    }

    private static Path file(Cluster cluster) {
        return MANIFESTS.resolve(cluster.organization()).resolve("cluster-" + cluster.name() + ".yaml");
    }
}
