package io.countersign.engine.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the engine's clean-up removes: see docs/decisions/0026. */
class HistoryCleanUpTest extends ServerTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Autowired
    private HistoryService history;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void history_goes_a_year_after_its_instance_ended_however_long_that_had_waited() {
        Org org = given.organization();
        Approval longDone = request(org);
        Approval justDone = request(org);
        Approval open = request(org);
        reject(org, longDone);
        reject(org, justDone);
        for (Approval old : List.of(longDone, justDone, open)) {
            set("start_time_", old, 1000);
        }
        set("end_time_", longDone, 366);

        history.cleanUpHistoryAsync(true);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(instances(longDone)).isZero());
        assertThat(instances(justDone)).isOne();
        assertThat(instances(open)).isOne();
    }

    private Approval request(Org org) {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
    }

    private static void reject(Org org, Approval approval) {
        String path = "/api/v1/approvals/" + approval.id();
        String stage = as(org.owner()).get(path).expect(200).at("/stages/0/id");
        as(org.owner())
                .post(path + "/stages/" + stage + "/reject", Map.of("comment", "no"))
                .expect(200);
    }

    private void set(String column, Approval approval, int daysAgo) {
        jdbc.sql("update act_hi_procinst set " + column + " = now() - make_interval(days => ?) where business_key_ = ?")
                .params(daysAgo, approval.entityName())
                .update();
    }

    private long instances(Approval approval) {
        return history.createHistoricProcessInstanceQuery()
                .processInstanceBusinessKey(approval.entityName())
                .count();
    }
}
