package io.countersign.approval.archive;

import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lets time pass by setting back what the database says of it, and tidies up. */
class ArchiveTest extends ServerTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Autowired
    private Archive archive;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void old_request_leaves_the_tables_and_can_still_be_looked_up_whole() {
        Org org = given.organization();
        ApprovalId id = rejected(org);
        as(org.admin()).post(path(id) + "/comments", Map.of("text", "Pity.")).expect(201);
        age(id, 400);
        JsonNode before = as(org.owner()).get(path(id)).expect(200).json();
        JsonNode comments =
                as(org.owner()).get(path(id) + "/comments").expect(200).json();
        List<String> trail = trail(org);

        archive.archiveOld();

        assertThat(rowsOf(id)).isZero();
        assertThat(count("select count(*) from notification_deliveries where approval_id = ?", id))
                .isZero();
        assertThat(count("select count(*) from decision_links where approval_id = ?", id))
                .isZero();
        assertThat(archived(as(org.admin()))).contains(id.toString());
        assertThat(as(org.owner()).get(path(id)).expect(200).json()).isEqualTo(before);
        assertThat(as(org.owner()).get(path(id) + "/comments").expect(200).json())
                .isEqualTo(comments);
        assertThat(trail(org)).isNotEmpty().isEqualTo(trail);
    }

    @Test
    void request_that_somebody_looked_at_leaves_again() {
        Org org = given.organization();
        ApprovalId id = rejected(org);
        age(id, 400);
        archive.archiveOld();
        JsonNode before = as(org.owner()).get(path(id)).expect(200).json();
        assertThat(rowsOf(id)).isPositive();

        archive.archiveOld();

        assertThat(rowsOf(id)).isZero();
        assertThat(as(org.owner()).get(path(id)).expect(200).json()).isEqualTo(before);
    }

    @Test
    void archived_request_can_be_neither_decided_nor_cancelled() {
        Org org = given.organization();
        ApprovalId id = rejected(org);
        String stage = as(org.owner()).get(path(id)).at("/stages/0/id");
        age(id, 400);
        archive.archiveOld();

        as(org.owner())
                .post(path(id) + "/stages/" + stage + "/approve", Map.of("comment", "after all"))
                .expect(409);
        as(org.admin()).post(path(id) + "/cancel", null).expect(409);
    }

    @Test
    void stranger_learns_nothing_of_archived_requests() {
        Org org = given.organization();
        ApprovalId id = rejected(org);
        age(id, 400);
        archive.archiveOld();
        Client stranger = as(given.organization().owner());

        stranger.get(path(id)).expect(404);
        assertThat(archived(stranger)).doesNotContain(id.toString());
        assertThat(archived(as(given.superadmin()))).contains(id.toString());
    }

    @Test
    void what_is_young_pending_or_not_carried_out_stays_however_old() {
        Org org = given.organization();
        ApprovalId young = rejected(org);
        ApprovalId pending = request(org);
        ApprovalId waiting = request(org);
        decide(org, waiting, "approve");
        age(pending, 4000);
        age(waiting, 4000);
        age(young, 100);

        archive.archiveOld();

        assertThat(List.of(young, pending, waiting))
                .allSatisfy(id -> assertThat(rowsOf(id)).isPositive());
        jdbc.sql("update approvals set carried_out_at = closed_at where id = ?")
                .param(waiting.value())
                .update();
        archive.archiveOld();
        assertThat(rowsOf(waiting)).isZero();
    }

    @Test
    void running_cluster_is_updated_although_its_approval_is_archived() {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(clusters(org.id()), body("prod-eu"))
                .expect(201)
                .at("/approval_id");
        ClusterFixtures.approve(as(org.owner()), approval).expect(200);
        await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
        ApprovalId id = ApprovalId.parse(approval);
        age(id, 400);
        archive.archiveOld();
        assertThat(rowsOf(id)).isZero();

        as(org.admin())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);

        Client.Answer running = await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
        assertThat(running.at("/kubernetes_version")).isEqualTo("1.32");
    }

    @Test
    void thousands_are_moved_in_batches_and_listed_page_by_page() {
        Org org = given.organization();
        jdbc.sql("""
                        insert into approvals (id, entity_type, entity_id, entity_name, action, scope, status, submitter,
                                               submitted_at, closed_at, content, content_hash, distinct_approvers,
                                               policy_hash)
                        select gen_random_uuid(), 'cluster', 'c' || n, 'c' || n, 'create', ?, 'rejected', ?,
                               now() - interval '2 years' + n * interval '1 second', now() - interval '2 years',
                               '{}', 'x', false, 'x'
                        from generate_series(1, 1200) n""").params(org.scope().toString(), org.admin()).update();

        archive.archiveOld();

        assertThat(jdbc.sql("select count(*) from approvals where scope = ?")
                        .param(org.scope().toString())
                        .query(Integer.class)
                        .single())
                .isZero();
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = as(org.viewer())
                    .get("/api/v1/archive/approvals?limit=100" + cursor)
                    .expect(200)
                    .json();
            page.get("items").forEach(item -> names.add(item.get("entity_name").asText()));
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.get("next_cursor").asText();
        } while (cursor != null);
        assertThat(names)
                .hasSize(1200)
                .doesNotHaveDuplicates()
                .startsWith("c1200")
                .endsWith("c1");
    }

    /** A table that comes to refer to approvals has to be moved with them, or emptied before. */
    @Test
    void every_table_that_belongs_to_a_request_is_known() {
        List<String> referring = jdbc.sql("""
                        select distinct c.conrelid::regclass::text from pg_constraint c
                        where c.contype = 'f'
                          and c.confrelid in ('approvals'::regclass, 'approval_stages'::regclass)""").query(String.class).list();
        List<String> known = new ArrayList<>(ApprovalArchive.tableNames());
        known.addAll(Set.of("decision_links", "notification_deliveries", "approvals_to_assess"));

        assertThat(referring).isNotEmpty();
        assertThat(known).containsAll(referring);
    }

    private ApprovalId request(Org org) {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER)
                .id();
    }

    private ApprovalId rejected(Org org) {
        ApprovalId id = request(org);
        decide(org, id, "reject");
        return id;
    }

    private static void decide(Org org, ApprovalId id, String verdict) {
        Client owner = as(org.owner());
        String stage = owner.get(path(id)).expect(200).at("/stages/0/id");
        owner.post(path(id) + "/stages/" + stage + "/" + verdict, Map.of("comment", "because"))
                .expect(200);
    }

    /** Sets back by days what is recorded of a request, once the engine has nothing to do for it. */
    private void age(ApprovalId id, int days) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(count(
                                "select count(*) from notification_deliveries where approval_id = ? and status = 'queued'",
                                id))
                        .isZero());
        jdbc.sql("""
                        update approvals set submitted_at = submitted_at - ? * interval '1 day',
                            closed_at = closed_at - ? * interval '1 day',
                            carried_out_at = carried_out_at - ? * interval '1 day'
                        where id = ?""").params(days, days, days, id.value()).update();
    }

    private int rowsOf(ApprovalId id) {
        return count("select count(*) from approvals where id = ?", id)
                + count("select count(*) from approval_stages where approval_id = ?", id)
                + count("select count(*) from approval_comments where approval_id = ?", id);
    }

    private int count(String sql, ApprovalId id) {
        return jdbc.sql(sql).param(id.value()).query(Integer.class).single();
    }

    private static List<String> archived(Client client) {
        List<String> ids = new ArrayList<>();
        client.get("/api/v1/archive/approvals?limit=100")
                .expect(200)
                .json()
                .get("items")
                .forEach(item -> ids.add(item.get("id").asText()));
        return ids;
    }

    /** @return each entry as far as it does not change: it is sealed some time after it was written */
    private static List<String> trail(Org org) {
        List<String> entries = new ArrayList<>();
        as(org.owner())
                .get("/api/v1/audit?limit=100")
                .expect(200)
                .json()
                .get("items")
                .forEach(entry -> entries.add(entry.get("id") + " " + entry.get("action") + entry.get("details")));
        return entries;
    }

    private static String path(ApprovalId id) {
        return "/api/v1/approvals/" + id;
    }
}
