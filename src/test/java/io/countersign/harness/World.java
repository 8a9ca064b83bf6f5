package io.countersign.harness;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An organization and a project with people in them, and an orchestrator, made over REST on an empty installation. */
final class World {

    static final String ORGANIZATION = "acme";
    static final String PROJECT = "storefront";
    static final String DOMAIN = "shop";

    static final String OWNER = "owner";
    static final String OTHER_OWNER = "owner2";
    static final String ADMIN = "admin1";
    static final String EDITOR = "editor";
    static final String APPROVER = "approver";
    static final String LEAD = "lead";
    static final String NEIGHBOUR = "neighbour";
    static final String ORCHESTRATOR = "orchestrator";
    static final String SYNC = "/api/v1/sync/features";

    private static final List<String> PEOPLE = List.of(OWNER, OTHER_OWNER, ADMIN, EDITOR, APPROVER, LEAD, NEIGHBOUR);
    private static final String PROJECT_PATH = "/api/v1/projects/" + PROJECT;

    private World() {}

    static void make(Caller caller, Database database) {
        caller.signIn(Node.ADMINISTRATOR, Node.PASSWORD);
        for (String person : PEOPLE) {
            String link = caller.post(
                            Node.ADMINISTRATOR,
                            "/api/v1/users",
                            Map.of("id", person, "display_name", "Person " + person))
                    .expect(201)
                    .at("/invitation/link");
            caller.post(
                            null,
                            "/api/v1/auth/invitation",
                            Map.of("token", link.substring(link.indexOf('=') + 1), "password", Node.PASSWORD))
                    .expect(204);
            caller.signIn(person, Node.PASSWORD);
        }
        // A mailed link would have confirmed it; the mails that are counted are those about requests.
        database.look()
                .sql("update users set email = id || '@example.com', email_confirmed = true where email is null")
                .update();

        caller.post(Node.ADMINISTRATOR, "/api/v1/orgs", Map.of("id", ORGANIZATION, "name", "Acme"))
                .expect(201);
        member(caller, OWNER, "owner");
        member(caller, OTHER_OWNER, "owner");
        member(caller, ADMIN, "admin");

        caller.post(
                        Node.ADMINISTRATOR,
                        "/api/v1/projects",
                        Map.of("id", PROJECT, "name", "Storefront", "owner", LEAD, "team", "web"))
                .expect(201);
        caller.post(LEAD, PROJECT_PATH + "/teams", Map.of("id", "payments", "name", "Payments"))
                .expect(201);
        member(caller, EDITOR, "editor", "web");
        member(caller, APPROVER, "approver", "web");
        member(caller, NEIGHBOUR, "approver", "payments");
        caller.put(LEAD, PROJECT_PATH + "/policies/route", List.of(stage(1), stage(2)))
                .expect(200);
        caller.post(EDITOR, PROJECT_PATH + "/domains", Map.of("id", DOMAIN, "host", "shop.example.com"))
                .expect(201);

        Caller.Answer provisioned = caller.post(
                        Node.ADMINISTRATOR,
                        "/api/v1/orchestrators",
                        Map.of("name", ORCHESTRATOR, "contact_email", "orchestrator@example.com"))
                .expect(201);
        caller.signInAsOrchestrator(ORCHESTRATOR, provisioned.at("/client_id"), provisioned.at("/client_secret"));
    }

    private static Map<String, Object> stage(int order) {
        return Map.of("order", order, "required_permission", "route.approve", "team_scope", "any");
    }

    /**
     * @param stage 1 or 2
     * @return whom the policies let decide a stage, owners included; never its submitter
     */
    static Set<String> approvers(Ledger.Request request, int stage) {
        Set<String> approvers = new HashSet<>(
                switch (request.kind) {
                    case CLUSTER -> Set.of(Node.ADMINISTRATOR, OWNER, OTHER_OWNER);
                    case ROUTE -> Set.of(APPROVER, NEIGHBOUR, LEAD);
                    case CLIENT_ATTACHMENT -> stage == 1 ? Set.of(NEIGHBOUR, LEAD) : Set.of(APPROVER, NEIGHBOUR, LEAD);
                    case TENANT -> Set.of(Node.ADMINISTRATOR);
                });
        approvers.remove(request.submitter);
        return approvers;
    }

    private static void member(Caller caller, String person, String role, String team) {
        caller.put(LEAD, PROJECT_PATH + "/members/" + person, Map.of("role", role, "team", team))
                .expect(200);
    }

    private static void member(Caller caller, String person, String role) {
        caller.put(Node.ADMINISTRATOR, "/api/v1/orgs/" + ORGANIZATION + "/members/" + person, Map.of("role", role))
                .expect(200);
    }
}
