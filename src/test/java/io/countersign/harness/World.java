package io.countersign.harness;

import java.util.List;
import java.util.Map;

/** An organization and a project with people in them, made over REST on an empty installation. */
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

    private static final List<String> PEOPLE = List.of(OWNER, OTHER_OWNER, ADMIN, EDITOR, APPROVER, LEAD);

    private World() {}

    static void make(Caller caller, Database database) {
        caller.signIn(Node.ADMINISTRATOR, Node.PASSWORD);
        for (String person : PEOPLE) {
            caller.post(
                            Node.ADMINISTRATOR,
                            "/api/v1/users",
                            Map.of(
                                    "id",
                                    person,
                                    "display_name",
                                    "Person " + person,
                                    "email",
                                    person + "@example.com",
                                    "password",
                                    Node.PASSWORD))
                    .expect(201);
            caller.signIn(person, Node.PASSWORD);
        }
        // Their own click on a mailed link would say so.
        database.look().sql("update users set email_confirmed = true").update();

        caller.post(Node.ADMINISTRATOR, "/api/v1/orgs", Map.of("id", ORGANIZATION, "name", "Acme"))
                .expect(201);
        member(caller, OWNER, "owner");
        member(caller, OTHER_OWNER, "owner");
        member(caller, ADMIN, "admin");

        caller.post(LEAD, "/api/v1/projects", Map.of("id", PROJECT, "name", "Storefront", "team", "web"))
                .expect(201);
        for (Map.Entry<String, String> role :
                Map.of(EDITOR, "editor", APPROVER, "approver").entrySet()) {
            caller.put(
                            LEAD,
                            "/api/v1/projects/" + PROJECT + "/members/" + role.getKey(),
                            Map.of("role", role.getValue(), "team", "web"))
                    .expect(200);
        }
        caller.put(LEAD, "/api/v1/projects/" + PROJECT + "/policies/route", List.of(stage(1), stage(2)))
                .expect(200);
        caller.post(
                        EDITOR,
                        "/api/v1/projects/" + PROJECT + "/domains",
                        Map.of("id", DOMAIN, "host", "shop.example.com"))
                .expect(201);
    }

    private static Map<String, Object> stage(int order) {
        return Map.of("order", order, "required_permission", "route.approve", "team_scope", "any");
    }

    private static void member(Caller caller, String person, String role) {
        caller.put(Node.ADMINISTRATOR, "/api/v1/orgs/" + ORGANIZATION + "/members/" + person, Map.of("role", role))
                .expect(200);
    }
}
