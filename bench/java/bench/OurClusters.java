package bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drives Countersign over its REST API: clusters of organizations whose policy has two stages. */
final class OurClusters {

    /** Clients share these organizations, as people do. */
    static final int ORGANIZATIONS = 4;

    private final List<Http> admins = new ArrayList<>();
    private final List<List<Http>> owners = new ArrayList<>();

    private OurClusters() {}

    /** Adds people, organizations and policies to an empty database, and signs everybody in. */
    static OurClusters prepare(Database database, String name, String root) throws Exception {
        List<String> people = new ArrayList<>();
        for (int i = 0; i < ORGANIZATIONS; i++) {
            people.addAll(List.of("admin-" + i, "first-" + i, "second-" + i));
        }
        Ours.addPeople(database, name, people);
        Http superadmin = Ours.superadmin(database, name, root);
        OurClusters ours = new OurClusters();
        for (int i = 0; i < ORGANIZATIONS; i++) {
            List<Http> two = List.of(Ours.signIn(root, "first-" + i), Ours.signIn(root, "second-" + i));
            addOrganization(superadmin, two.get(0), i);
            addPolicy(database, name, i);
            ours.owners.add(two);
            ours.admins.add(Ours.signIn(root, "admin-" + i));
        }
        return ours;
    }

    /** Requests one cluster, and has two owners read and approve it; a job then carries it out. */
    void approve(int client, String number) throws IOException, InterruptedException {
        int i = client % ORGANIZATIONS;
        String approvalPath = "/api/v1/approvals/"
                + admins.get(i)
                        .post(organization(i) + "/clusters", cluster("c-" + number))
                        .get("approval_id")
                        .asText();
        for (int stage = 0; stage < 2; stage++) {
            Http owner = owners.get(i).get(stage);
            JsonNode approval = owner.get(approvalPath);
            String id = approval.at("/stages/" + stage + "/id").asText();
            owner.post(approvalPath + "/stages/" + id + "/approve", Map.of("comment", "Looks good."));
        }
    }

    private static Map<String, Object> cluster(String name) {
        return Map.of(
                "name",
                name,
                "provider",
                "aws",
                "region",
                "eu-west-1",
                "kubernetes_version",
                "1.31",
                "node_groups",
                List.of(Map.of(
                        "name", "workers", "min_nodes", 1, "max_nodes", 3, "machine_types", List.of("t3.large"))));
    }

    private static String organization(int i) {
        return "/api/v1/orgs/bench-" + i;
    }

    private static void addOrganization(Http superadmin, Http owner, int i) throws IOException, InterruptedException {
        superadmin.post("/api/v1/orgs", Map.of("id", "bench-" + i, "name", "Bench " + i));
        superadmin.put(organization(i) + "/members/first-" + i, Map.of("role", "owner"));
        superadmin.put(organization(i) + "/members/second-" + i, Map.of("role", "owner"));
        superadmin.put(organization(i) + "/members/admin-" + i, Map.of("role", "admin"));
        owner.delete(organization(i) + "/members/superadmin");
    }

    /** Adds the policy as one that was set long ago: a recent change would be told with every request. */
    private static void addPolicy(Database database, String name, int i) throws SQLException {
        String stage = "{\"order\": %d, \"required_permission\": \"cluster.approve\", \"team_scope\": \"any\", "
                + "\"min_approvers\": 1}";
        database.execute(name, """
                insert into countersign.approval_policies (scope, entity_type, policy)
                values ('organization:bench-%d', 'cluster', '{"stages": [%s, %s]}')
                on conflict (scope, entity_type, action) do update set policy = excluded.policy
                """.formatted(i, stage.formatted(1), stage.formatted(2)));
    }
}
