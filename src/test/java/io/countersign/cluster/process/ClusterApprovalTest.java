package io.countersign.cluster.process;

import static io.countersign.cluster.ClusterFixtures.approve;
import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static io.countersign.cluster.ClusterFixtures.reject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClusterApprovalTest extends ServerTest {

    @Autowired
    private ProcessEngine engine;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private JdbcClient jdbc;

    @AfterEach
    void restoreEngine() {
        ClockUtil.reset();
        jobs().start();
    }

    @Test
    void owners_request_is_provisioned_at_once() {
        Org org = given.organization();

        Answer created =
                as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);

        assertThat(created.at("/status")).isEqualTo("PROVISIONING");
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(file(org, "prod-eu")).content().contains("kind: \"Cluster\"", "v1.31.0", created.at("/approval_id"));
        Answer approval = as(org.owner()).get("/api/v1/approvals/" + created.at("/approval_id"));
        assertThat(approval.at("/status")).isEqualTo("approved");
        assertThat(approval.json().get("stages")).isEmpty();
    }

    @Test
    void admins_request_is_provisioned_after_an_owner_approves() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        assertThat(file(org, "prod-eu")).doesNotExist();

        approve(as(org.owner()), created.at("/approval_id")).expect(200);

        await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
        assertThat(file(org, "prod-eu")).exists();
    }

    @Test
    void rejected_request_provisions_nothing_and_says_why() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        reject(as(org.owner()), created.at("/approval_id"), "too expensive").expect(200);

        Answer rejected = as(org.admin()).get(clusters(org.id()) + "/prod-eu").expect(200);
        assertThat(rejected.at("/status")).isEqualTo("REJECTED");
        assertThat(rejected.at("/status_reason")).isEqualTo("Rejected by " + org.owner() + ": too expensive");
        assertThat(file(org, "prod-eu")).doesNotExist();
        assertThat(running(created)).isZero();
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
    }

    @Test
    void cancelled_request_provisions_nothing_and_frees_the_name() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        as(org.admin())
                .post("/api/v1/approvals/" + created.at("/approval_id") + "/cancel", null)
                .expect(200);

        Answer cancelled = as(org.admin()).get(clusters(org.id()) + "/prod-eu").expect(200);
        assertThat(cancelled.at("/status")).isEqualTo("DELETED");
        assertThat(file(org, "prod-eu")).doesNotExist();
        assertThat(running(created)).isZero();
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
    }

    @Test
    void cancelled_request_frees_the_name_even_if_its_process_was_ended() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        endProcess("cluster-approval", created.at("/approval_id"));
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(409);

        as(org.admin())
                .post("/api/v1/approvals/" + created.at("/approval_id") + "/cancel", null)
                .expect(200);

        assertThat(as(org.admin())
                        .get(clusters(org.id()) + "/prod-eu")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("DELETED");
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
    }

    @Test
    void request_waits_for_years() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        ClockUtil.setCurrentTime(Date.from(Instant.now().plus(Duration.ofDays(5 * 365))));
        // A job that was requested later runs: so the engine has looked at what is due.
        as(org.owner()).post(clusters(org.id()), body("other")).expect(201);
        await(as(org.owner()), org.id(), "other", "RUNNING");

        assertThat(as(org.admin()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isEqualTo("APPROVAL_PENDING");
        approve(as(org.owner()), created.at("/approval_id")).expect(200);
        await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
    }

    @Test
    void people_find_the_process_under_the_clusters_name() {
        Org org = given.organization();
        String name = given.unique("cluster");
        as(org.admin()).post(clusters(org.id()), body(name)).expect(201);

        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey(name)
                        .list())
                .extracting(ProcessInstance::getProcessDefinitionId)
                .hasSize(2)
                .allMatch(id -> id.startsWith("cluster-approval:") || id.startsWith("approval-stages:"));
    }

    @Test
    void content_altered_while_pending_is_not_released() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        alterCluster(created);

        approve(as(org.owner()), created.at("/approval_id")).expectProblem(409, "not_approved");

        assertThat(as(org.owner()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isEqualTo("APPROVAL_PENDING");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void content_altered_after_the_approval_is_not_provisioned() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        jobs().shutdown();
        approve(as(org.owner()), created.at("/approval_id")).expect(200);
        alterCluster(created);
        jobs().start();

        Answer failed = await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");

        assertThat(failed.at("/status_reason")).contains("the content differs");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void approval_altered_after_the_approval_is_not_provisioned() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        jobs().shutdown();
        approve(as(org.owner()), created.at("/approval_id")).expect(200);
        jdbc.sql(
                        "delete from approval_decisions where stage_id in (select id from approval_stages where approval_id = ?)")
                .param(UUID.fromString(created.at("/approval_id")))
                .update();
        jobs().start();

        Answer failed = await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");

        assertThat(failed.at("/status_reason")).contains("lacks decisions");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void token_moved_onto_the_release_releases_nothing() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        for (String activity : new String[] {"release-cluster", "cancel-cluster"}) {
            assertThatThrownBy(() -> runtime.createProcessInstanceModification(created.at("/process_instance_id"))
                            .startBeforeActivity(activity)
                            .execute())
                    .as(activity)
                    .isInstanceOf(RuntimeException.class);
        }

        assertThat(as(org.owner()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isEqualTo("APPROVAL_PENDING");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void token_moved_onto_the_provisioning_provisions_nothing() {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        runtime.createProcessInstanceModification(created.at("/process_instance_id"))
                .startBeforeActivity("provision-cluster")
                .execute();

        awaitIncident(created.at("/process_instance_id"));
        assertThat(as(org.owner()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isEqualTo("APPROVAL_PENDING");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void process_started_by_hand_provisions_nothing() {
        Org org = given.organization();
        Answer pending =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        Answer approved =
                as(org.owner()).post(clusters(org.id()), body("other")).expect(201);
        await(as(org.owner()), org.id(), "other", "RUNNING");

        ProcessInstance provisioning = runtime.startProcessInstanceByKey(
                "carry-out", "by-hand", Map.of("kind", "cluster", "subject", pending.at("/id")));
        awaitIncident(provisioning.getId());
        assertThatThrownBy(() -> runtime.startProcessInstanceByKey(
                        "cluster-approval",
                        "by-hand",
                        Map.of("clusterId", pending.at("/id"), "approvalId", approved.at("/approval_id"))))
                .hasStackTraceContaining("is not that of cluster");

        assertThat(as(org.owner()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isEqualTo("APPROVAL_PENDING");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    @Test
    void variable_set_by_hand_redirects_nothing() {
        Org org = given.organization();
        Answer pending =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        Answer approved =
                as(org.owner()).post(clusters(org.id()), body("other")).expect(201);
        await(as(org.owner()), org.id(), "other", "RUNNING");
        runtime.setVariable(pending.at("/process_instance_id"), "approvalId", approved.at("/approval_id"));

        reject(as(org.owner()), pending.at("/approval_id"), "no").expectProblem(409, "not_approved");

        assertThat(as(org.owner()).get(clusters(org.id()) + "/prod-eu").at("/status"))
                .isNotIn("PROVISIONING", "RUNNING");
        assertThat(file(org, "prod-eu")).doesNotExist();
    }

    private void alterCluster(Answer created) {
        jdbc.sql("""
                        update clusters set node_groups = jsonb_set(node_groups, '{0,max_nodes}', '1000')
                        where id = ?""").param(UUID.fromString(created.at("/id"))).update();
    }

    /** Waits for the incident of a process or, propagated, of one that it called. */
    private void awaitIncident(String process) {
        Awaitility.await("incident")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        runtime.createIncidentQuery().processInstanceId(process).count() > 0);
    }

    private long running(Answer cluster) {
        return runtime.createProcessInstanceQuery()
                .rootProcessInstanceId(cluster.at("/process_instance_id"))
                .count();
    }

    private JobExecutor jobs() {
        return ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration()).getJobExecutor();
    }

    private static Path file(Org org, String name) {
        return MANIFESTS.resolve(org.id()).resolve("cluster-" + name + ".yaml");
    }
}
