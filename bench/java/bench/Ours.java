package bench;

import bench.stock.Rounds;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** Drives Countersign over its REST API, as a program of the field would. */
final class Ours {

    /** Clients share these projects, as people do. */
    static final int PROJECTS = 4;

    private static final String PASSWORD = "a-benchmark-password";

    private final List<Http> editors = new ArrayList<>();
    private final List<Http> approvers = new ArrayList<>();
    private final List<Http> others = new ArrayList<>();

    private Ours() {}

    /** Makes people, projects and policies, unless there are some, and signs everybody in. */
    static Ours prepare(Database database, String name, String root) throws Exception {
        boolean empty = database.number(name, "select count(*) from countersign.projects") == 0;
        if (empty) {
            List<String> people = new ArrayList<>();
            for (int i = 0; i < PROJECTS; i++) {
                people.addAll(List.of("owner-" + i, "editor-" + i, "approver-" + i, "other-" + i));
            }
            addPeople(database, name, people);
        }
        Http superadmin = superadmin(database, name, root);
        Ours ours = new Ours();
        for (int i = 0; i < PROJECTS; i++) {
            Http owner = signIn(root, "owner-" + i);
            if (empty) {
                addProject(superadmin, owner, i);
            }
            ours.editors.add(signIn(root, "editor-" + i));
            ours.approvers.add(signIn(root, "approver-" + i));
            ours.others.add(signIn(root, "other-" + i));
        }
        return ours;
    }

    /** Asks for one route and leaves it at that. */
    JsonNode submit(int client, String number) throws IOException, InterruptedException {
        String name = "r-" + number;
        return editors.get(client % PROJECTS)
                .post(
                        project(client) + "/domains/shop/routes",
                        Map.of(
                                "name", name,
                                "path", "/" + name,
                                "methods", List.of("GET", "POST"),
                                "backend", Map.of("service", "cart", "port", 8080),
                                "timeout_seconds", 30));
    }

    /** Takes one route from its submission to active: two approvals by two people, then its deployment. */
    void approve(int client, String number) throws IOException, InterruptedException {
        int i = client % PROJECTS;
        JsonNode submitted = submit(client, number);
        String approvalPath = "/api/v1/approvals/" + submitted.get("approval_id").asText();
        JsonNode approval = approvers.get(i).get(approvalPath);
        approval = approvers.get(i)
                .post(
                        approvalPath + "/stages/" + approval.at("/stages/0/id").asText() + "/approve",
                        Map.of("comment", "Looks good."));
        others.get(i)
                .post(
                        approvalPath + "/stages/" + approval.at("/stages/1/id").asText() + "/approve",
                        Map.of("comment", "Looks good."));
        String route = project(client) + "/routes/" + submitted.get("id").asText();
        editors.get(i).post(route + "/deploy", null);
        do {
            Rounds.awaitJobs();
        } while (!editors.get(i).get(route).get("status").asText().equals("active"));
    }

    private static String project(int client) {
        return "/api/v1/projects/bench-" + client % PROJECTS;
    }

    /** @return a superadmin, who is added if need be */
    static Http superadmin(Database database, String name, String root) throws Exception {
        database.execute(name, """
                insert into countersign.users (id, display_name, password_hash, superadmin)
                values ('superadmin', 'Superadmin', '%s', true) on conflict do nothing""".formatted(hash()));
        return signIn(root, "superadmin");
    }

    static Http signIn(String root, String user) throws IOException, InterruptedException {
        String token = new Http(root, null)
                .post("/api/v1/auth/login", Map.of("username", user, "password", PASSWORD))
                .get("token")
                .asText();
        return new Http(root, "Bearer " + token);
    }

    /** Adds people who sign in with the password of {@link #signIn}. */
    static void addPeople(Database database, String name, List<String> people) throws SQLException {
        String hash = hash();
        try (Connection connection = database.connect(name);
                PreparedStatement insert = connection.prepareStatement("""
                        insert into countersign.users (id, display_name, email, email_confirmed, password_hash)
                        values (?, ?, ?, true, ?)""")) {
            for (String person : people) {
                insert.setString(1, person);
                insert.setString(2, "Person " + person);
                insert.setString(3, person + "@bench.example");
                insert.setString(4, hash);
                insert.executeUpdate();
            }
        }
    }

    private static String hash() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder().encode(PASSWORD);
    }

    private static void addProject(Http superadmin, Http owner, int i) throws IOException, InterruptedException {
        String project = "/api/v1/projects/bench-" + i;
        superadmin.post(
                "/api/v1/projects",
                Map.of("id", "bench-" + i, "name", "Bench " + i, "owner", "owner-" + i, "team", "web"));
        owner.post(project + "/teams", Map.of("id", "other", "name", "Other"));
        owner.put(project + "/members/editor-" + i, Map.of("role", "editor", "team", "web"));
        owner.put(project + "/members/approver-" + i, Map.of("role", "approver", "team", "web"));
        owner.put(project + "/members/other-" + i, Map.of("role", "approver", "team", "other"));
        owner.post(project + "/domains", Map.of("id", "shop", "host", "shop-" + i + ".example.com"));
        owner.put(
                project + "/policies/route",
                List.of(
                        Map.of("order", 1, "required_permission", "route.approve", "team_scope", "submitter_team"),
                        Map.of("order", 2, "required_permission", "route.approve", "team_scope", "other_team")));
    }
}
