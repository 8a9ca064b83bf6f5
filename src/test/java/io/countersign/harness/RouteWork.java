package io.countersign.harness;

import io.countersign.harness.Ledger.Attachment;
import io.countersign.harness.Ledger.Client;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import io.countersign.harness.Ledger.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;

/**
 * Somebody who makes, changes and deletes routes, attaches clients to them and detaches them, has it all decided, and
 * deploys what was approved. Nobody else works at their routes, so that they know how each must be in the end.
 */
final class RouteWork extends Work {

    private enum Step {
        CREATE,
        UPDATE,
        DELETE,
        ATTACH,
        DETACH
    }

    /** Again and again, so that everything happens however short the time is. */
    private static final List<Step> STEPS = List.of(
            Step.CREATE,
            Step.ATTACH,
            Step.UPDATE,
            Step.ATTACH,
            Step.DETACH,
            Step.CREATE,
            Step.ATTACH,
            Step.UPDATE,
            Step.DELETE);

    private static final int CLIENTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final String PROJECT = "/api/v1/projects/" + World.PROJECT;

    /** A route that is deployed, with what is attached to it. */
    private record Deployed(Route route, Map<Client, Attachment> attachments) {}

    private final List<Client> clients = new ArrayList<>();
    private final List<Deployed> deployed = new ArrayList<>();
    private int steps;

    RouteWork(Caller caller, Ledger ledger, Random random) {
        super(caller, ledger, random);
    }

    @Override
    void once() {
        if (clients.size() < CLIENTS) {
            createClient();
        }
        Step step = STEPS.get(steps++ % STEPS.size());
        List<Deployed> suited =
                deployed.stream().filter(one -> suits(step, one)).toList();
        if (step == Step.CREATE || suited.isEmpty()) {
            createRoute();
            return;
        }
        Deployed chosen = any(suited);
        awaitActive(chosen.route());
        switch (step) {
            case UPDATE -> update(chosen.route());
            case DELETE -> delete(chosen);
            case ATTACH -> attach(chosen, any(unattached(chosen)));
            case DETACH -> detach(chosen, any(List.copyOf(chosen.attachments().keySet())));
            case CREATE -> throw new IllegalStateException("Needs no route");
        }
    }

    private boolean suits(Step step, Deployed one) {
        return switch (step) {
            case CREATE, UPDATE, DELETE -> true;
            case ATTACH -> one.route().guarded && !unattached(one).isEmpty();
            case DETACH -> !one.attachments().isEmpty();
        };
    }

    private List<Client> unattached(Deployed one) {
        return clients.stream()
                .filter(client -> !one.attachments().containsKey(client))
                .toList();
    }

    private void createClient() {
        String name = unique("p");
        Caller.Answer answer = create(
                        World.EDITOR, PROJECT + "/clients", Map.of("name", name, "ip_addresses", List.of("10.0.0.0/8")))
                .expect(201);
        Client client = new Client(answer.at("/id"), name);
        ledger.clients.add(client);
        clients.add(client);
    }

    private void createRoute() {
        String name = unique("r");
        String backend = unique("b");
        boolean guarded = mostly(3);
        Caller.Answer answer = create(
                        World.EDITOR, PROJECT + "/domains/" + World.DOMAIN + "/routes", body(name, backend, guarded))
                .expect(202);
        Route route = new Route(answer.at("/id"), name, guarded);
        ledger.routes.add(route);
        if (approved(request("create", route, answer))) {
            deploy(route);
            route.deployed(backend);
            deployed.add(new Deployed(route, new HashMap<>()));
        }
    }

    private void update(Route route) {
        String backend = unique("b");
        if (approved(request("update", route, submit("PUT", path(route), body(route.name, backend, route.guarded))))) {
            deploy(route);
            route.deployed(backend);
        }
    }

    private void delete(Deployed one) {
        Route route = one.route();
        if (approved(request("delete", route, submit("DELETE", path(route), null)))) {
            deploy(route);
            deployed.remove(one);
            route.deleted();
            one.attachments().values().forEach(attachment -> attachment.is("removed"));
        }
    }

    private void attach(Deployed one, Client client) {
        Caller.Answer answer = create(
                        World.EDITOR,
                        PROJECT + "/attachments",
                        Map.of("route_id", one.route().id, "client_id", client.id()))
                .expect(202);
        Attachment attachment = new Attachment(answer.at("/id"), client);
        ledger.attachments.add(attachment);
        if (approvedByBothTeams(request("attach", one.route(), client, answer))) {
            deployAgain(one.route());
            attachment.is("active");
            one.attachments().put(client, attachment);
            one.route().attached(client);
        }
    }

    private void detach(Deployed one, Client client) {
        Attachment attachment = one.attachments().get(client);
        Caller.Answer answer = submit("DELETE", PROJECT + "/attachments/" + attachment.id, null);
        if (approvedByBothTeams(request("detach", one.route(), client, answer))) {
            deployAgain(one.route());
            attachment.is("removed");
            one.attachments().remove(client);
            one.route().detached(client);
        }
    }

    /** Asks for a change of what is there. An attempt whose answer was lost may have worked: it is the open request. */
    private Caller.Answer submit(String method, String path, Object body) {
        while (true) {
            Caller.Answer answer = caller.send(World.EDITOR, method, path, body, null);
            if (answer.status() == 202) {
                return answer;
            }
            if (answer.repeated() && answer.at("/code").equals("request_pending")) {
                return caller.get(World.EDITOR, path).expect(200);
            }
            if (!answer.at("/code").equals("concurrent_change")) {
                throw new AssertionError(method + " " + path + " was refused: " + answer);
            }
        }
    }

    private Request request(String action, Route route, Caller.Answer answer) {
        return accepted(Kind.ROUTE, action, World.DOMAIN + "/" + route.name, answer);
    }

    private Request request(String action, Route route, Client client, Caller.Answer answer) {
        return accepted(
                Kind.CLIENT_ATTACHMENT, action, client.name() + " on " + World.DOMAIN + "/" + route.name, answer);
    }

    private Request accepted(Kind kind, String action, String name, Caller.Answer answer) {
        Request request = new Request(kind, action, name, answer.at("/approval_id"), World.EDITOR);
        ledger.accepted(request);
        return request;
    }

    private boolean approved(Request request) {
        return decide(request, 1, World.APPROVER, mostly(6)) && decide(request, 2, World.LEAD, mostly(6));
    }

    private boolean approvedByBothTeams(Request request) {
        return decide(request, 1, World.NEIGHBOUR, mostly(6)) && decide(request, 2, World.APPROVER, mostly(6));
    }

    /** Deploys an approved change. Of an attempt whose answer was lost the route itself tells. */
    private void deploy(Route route) {
        while (true) {
            Caller.Answer seen = caller.get(World.EDITOR, path(route));
            if (seen.status() == 404 || !seen.expect(200).at("/status").equals("approved")) {
                return;
            }
            Caller.Answer answer = caller.post(World.EDITOR, path(route) + "/deploy", null);
            if (answer.status() != 202 && answer.status() != 409 && answer.status() != 404) {
                throw new AssertionError("The deployment of " + route.name + " was refused: " + answer);
            }
        }
    }

    /** Deploys an active route with what was approved for it since; to ask twice changes nothing. */
    private void deployAgain(Route route) {
        while (true) {
            Caller.Answer answer = caller.post(World.EDITOR, path(route) + "/deploy", null);
            if (answer.status() == 202) {
                return;
            }
            if (!answer.at("/code").equals("concurrent_change")) {
                throw new AssertionError("The deployment of " + route.name + " was refused: " + answer);
            }
        }
    }

    private void awaitActive(Route route) {
        Awaitility.await("route " + route.name + " is active")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .until(() -> caller.get(World.EDITOR, path(route))
                        .expect(200)
                        .at("/status")
                        .equals("active"));
    }

    private static String path(Route route) {
        return PROJECT + "/routes/" + route.id;
    }

    private static Map<String, Object> body(String name, String backend, boolean guarded) {
        return Map.of(
                "name",
                name,
                "path",
                "/" + name,
                "backend",
                Map.of("service", backend, "port", 8080),
                "access",
                guarded ? "clients" : "public");
    }
}
