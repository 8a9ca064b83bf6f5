package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.identity.ProjectRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A project with people in two teams, worked over REST as anyone would. */
final class Gateway {

    private final Function<String, Client> as;

    final String project;
    final String owner;
    final String viewer;
    final String editor;
    final String approver;
    final String admin;
    final String paymentsEditor;
    final String paymentsApprover;

    private Gateway(Function<String, Client> as, Fixtures given) {
        this.as = as;
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        viewer = given.member(project, ProjectRole.VIEWER, "web");
        editor = given.member(project, ProjectRole.EDITOR, "web");
        approver = given.member(project, ProjectRole.APPROVER, "web");
        admin = given.member(project, ProjectRole.ADMIN, "web");
        paymentsEditor = given.member(project, ProjectRole.EDITOR, "payments");
        paymentsApprover = given.member(project, ProjectRole.APPROVER, "payments");
        post(editor, "/domains", Map.of("id", "shop", "host", project + ".example.com"))
                .expect(201);
    }

    /** @return a new project with a domain {@code shop} */
    static Gateway of(Function<String, Client> as, Fixtures given) {
        return new Gateway(as, given);
    }

    /** What a request was answered with. */
    record Submitted(String id, String approval) {}

    Client.Answer get(String user, String path) {
        return as.apply(user).get(path(path));
    }

    Client.Answer post(String user, String path, Object body) {
        return as.apply(user).post(path(path), body);
    }

    Client.Answer put(String user, String path, Object body) {
        return as.apply(user).put(path(path), body);
    }

    Client.Answer delete(String user, String path) {
        return as.apply(user).delete(path(path));
    }

    /** @return the body of a route */
    static Map<String, Object> route(String name) {
        return Map.of(
                "name",
                name,
                "path",
                "/" + name,
                "methods",
                List.of("GET"),
                "backend",
                Map.of("service", name, "port", 8080));
    }

    Submitted submitRoute(String user, String name) {
        return submitted(post(user, "/domains/shop/routes", route(name)));
    }

    /** @return a route that is deployed */
    String activeRoute(String name) {
        Submitted request = submitRoute(editor, name);
        approve(approver, request);
        deploy(editor, request.id());
        awaitRoute(request.id(), "active");
        return request.id();
    }

    String client(String user, String name, String team) {
        return post(user, "/clients", Map.of("name", name, "team", team, "ip_addresses", List.of("10.0.0.0/8")))
                .expect(201)
                .at("/id");
    }

    Submitted submitAttachment(String user, String route, String client) {
        return submitted(post(user, "/attachments", Map.of("route_id", route, "client_id", client)));
    }

    /** @return an attachment that is deployed */
    String activeAttachment(String route, String client) {
        Submitted request = submitAttachment(editor, route, client);
        approve(paymentsApprover, request);
        approve(approver, request);
        deploy(editor, route);
        awaitAttachment(request.id(), "active");
        return request.id();
    }

    static Submitted submitted(Client.Answer answer) {
        answer.expect(202);
        return new Submitted(answer.at("/id"), answer.at("/approval_id"));
    }

    JsonNode approval(Submitted request) {
        return as.apply(owner)
                .get("/api/v1/approvals/" + request.approval())
                .expect(200)
                .json();
    }

    /** Approves the open stage. */
    void approve(String user, Submitted request) {
        decide(user, request, "approve", Map.of()).expect(200);
    }

    /** Rejects at the open stage. */
    void reject(String user, Submitted request) {
        decide(user, request, "reject", Map.of("comment", "no")).expect(200);
    }

    Client.Answer decide(String user, Submitted request, String decision, Object body) {
        String stage = "";
        for (JsonNode candidate : approval(request).get("stages")) {
            if (candidate.get("status").asText().equals("pending")) {
                stage = candidate.get("id").asText();
                break;
            }
        }
        return post(user, "/approvals/" + request.approval() + "/stages/" + stage + "/" + decision, body);
    }

    Client.Answer cancel(String user, Submitted request) {
        return as.apply(user).post("/api/v1/approvals/" + request.approval() + "/cancel", null);
    }

    /** Has requests of a type decided in one stage by whoever has a permission, and lapse a time after that. */
    void letLapse(String entityType, String permission, String validFor) {
        as.apply(owner)
                .putPolicy(
                        path("/policies/" + entityType),
                        Map.of(
                                "stages",
                                List.of(Map.of("order", 1, "required_permission", permission, "team_scope", "any")),
                                "valid_for",
                                validFor))
                .expect(200);
    }

    void deploy(String user, String route) {
        post(user, "/routes/" + route + "/deploy", null).expect(202);
    }

    String routeStatus(String id) {
        return get(owner, "/routes/" + id).expect(200).at("/status");
    }

    String attachmentStatus(String id) {
        return get(owner, "/attachments/" + id).expect(200).at("/status");
    }

    void awaitRoute(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(routeStatus(id)).isEqualTo(status));
    }

    void awaitRouteGone(String id) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(get(owner, "/routes/" + id).status()).isEqualTo(404));
    }

    void awaitAttachment(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(attachmentStatus(id)).isEqualTo(status));
    }

    private String path(String path) {
        return "/api/v1/projects/" + project + path;
    }
}
