package io.countersign.engine.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class ProcessPathsTest extends ServerTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Autowired
    private ProcessPaths paths;

    @Autowired
    private ProcessDiagrams diagrams;

    @Autowired
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void path_goes_a_year_after_its_last_step_however_long_the_request_had_waited() {
        Org org = given.organization();
        Approval longDone = request(org);
        Approval justDone = request(org);
        Approval open = request(org);
        reject(org, longDone);
        reject(org, justDone);
        List.of(longDone, open).forEach(approval -> age(approval, "true"));
        age(justDone, "id < (select max(id) from process_paths where process_instance_id = ?)", instance(justDone));

        paths.forgetOld();

        assertThat(diagrams.ofWhole(instance(longDone))).isEmpty();
        assertThat(steps(justDone)).contains("approval-requested", "decide-stage", "approval-decided");
        assertThat(steps(open)).contains("approval-requested", "decide-stage");
        as(org.owner()).get("/api/v1/approvals/" + longDone.id()).expect(200);
    }

    @Test
    void called_instance_is_drawn_though_nothing_is_recorded_of_what_called_it() {
        Approval approval = request(given.organization());
        jdbc.sql("update process_paths set root_instance_id = ?, calling_instance_id = ? where process_instance_id = ?")
                .params(instance(approval) + "-root", instance(approval) + "-root", instance(approval))
                .update();

        assertThat(steps(approval)).contains("approval-requested", "decide-stage");
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

    private String instance(Approval approval) {
        return approvals.processInstance(approval.id()).orElseThrow();
    }

    private List<String> steps(Approval approval) {
        return diagrams.ofWhole(instance(approval)).stream()
                .flatMap(diagram -> diagram.steps().stream())
                .map(ProcessDiagrams.Step::activityId)
                .toList();
    }

    private void age(Approval approval, String rows, Object... params) {
        jdbc.sql("update process_paths set at = at - interval '366 days' where root_instance_id = ? and " + rows)
                .params(Stream.concat(Stream.of(paths.rootOf(instance(approval)).orElseThrow()), Stream.of(params))
                        .toList())
                .update();
    }
}
