package io.countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.execute;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.managementService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;

import io.countersign.Fixtures.Org;
import io.countersign.ProcessTest;
import io.countersign.api.FailedTry;
import io.countersign.approval.requests.CarryingOutTries;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.Clusters;
import io.countersign.cluster.NodeGroup;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What is told of work that fails, from its first try until one succeeds. */
class FailedTriesTest extends ProcessTest {

    private static final ClusterSpec SPEC = new ClusterSpec(
            "aws", "eu-west-1", "1.31", List.of(new NodeGroup("workers", 1, 3, List.of("t3.large"), Map.of())));

    @Autowired
    private FailedTries tries;

    @Autowired
    private CarryingOutTries ofApprovals;

    @Autowired
    private Clusters clusters;

    private Org org;
    private Cluster cluster;
    private ProcessInstance provisioning;

    @BeforeEach
    void cluster_that_cannot_be_written() throws IOException {
        org = given.organization();
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
        cluster = as(
                org.owner(), () -> clusters.request(new UserId(org.owner()), org.id(), given.unique("cluster"), SPEC));
        provisioning = processInstanceQuery()
                .superProcessInstanceId(cluster.processInstanceId())
                .singleResult();
    }

    @Test
    void nothing_is_told_before_the_first_try() {
        assertThat(tries.of(cluster.id())).isEmpty();
    }

    @Test
    void first_failed_try_is_told_at_once_with_the_time_of_the_next() {
        Instant before = Instant.now();

        fail();

        FailedTry failed = tries.of(cluster.id()).orElseThrow();
        assertThat(failed.attempt()).isEqualTo(1);
        assertThat(failed.attempts()).isEqualTo(5);
        assertThat(failed.failure())
                .isEqualTo("Cannot write Cluster " + org.id() + "/" + cluster.name() + " (cluster-" + cluster.name()
                        + ".yaml): something else is in its place.");
        assertThat(failed.nextAttemptAt())
                .get(InstanceOfAssertFactories.INSTANT)
                .isBetween(before.plusSeconds(4), Instant.now().plusSeconds(5));
        assertThat(ofApprovals.of(approvals.get(cluster.approvalId()))).contains(failed);
    }

    @Test
    void further_failed_try_is_told_in_its_place() {
        fail();

        fail();

        assertThat(tries.of(cluster.id()).map(FailedTry::attempt)).contains(2);
    }

    @Test
    void last_failed_try_is_told_without_a_next() {
        for (int i = 0; i < 5; i++) {
            fail();
        }

        FailedTry failed = tries.of(cluster.id()).orElseThrow();
        assertThat(failed.attempt()).isEqualTo(5);
        assertThat(failed.nextAttemptAt()).isEmpty();
    }

    @Test
    void persons_retry_is_told_as_the_next_try() {
        for (int i = 0; i < 5; i++) {
            fail();
        }

        managementService().setJobRetries(job(provisioning).getId(), 1);

        FailedTry failed = tries.of(cluster.id()).orElseThrow();
        assertThat(failed.attempt()).isEqualTo(5);
        assertThat(failed.nextAttemptAt()).isPresent();
    }

    @Test
    void nothing_is_told_after_a_try_that_succeeds() throws IOException {
        fail();
        Files.delete(MANIFESTS.resolve(org.id()));

        execute(job(provisioning));

        assertThat(tries.of(cluster.id())).isEmpty();
        assertThat(ofApprovals.of(approvals.get(cluster.approvalId()))).isEmpty();
    }

    private void fail() {
        assertThatThrownBy(() -> execute(job(provisioning))).hasMessageContaining("Cannot write");
    }
}
