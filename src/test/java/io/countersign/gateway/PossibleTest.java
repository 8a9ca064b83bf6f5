package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What people are told that they may do, which is what they then may. */
class PossibleTest extends ServerTest {

    @Autowired
    private Routes routes;

    @Autowired
    private Clients clients;

    @Autowired
    private Attachments attachments;

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void active_route_may_be_changed_deleted_and_deployed_again_by_those_with_the_permission() {
        String route = gateway.activeRoute("cart");

        assertThat(possible(gateway.editor, route))
                .containsExactlyInAnyOrder(RouteEvent.SUBMIT_UPDATE, RouteEvent.SUBMIT_DELETION, RouteEvent.DEPLOY);
        assertThat(possible(gateway.viewer, route)).isEmpty();
        assertThat(takesClients(gateway.editor, route)).isTrue();
        assertThat(takesClients(gateway.viewer, route)).isFalse();
    }

    @Test
    void route_with_an_open_request_may_be_neither_changed_nor_deleted() {
        String route = gateway.submitRoute(gateway.editor, "cart").id();

        assertThat(possible(gateway.editor, route)).isEmpty();
    }

    @Test
    void route_whose_deployment_is_under_way_may_only_be_deployed() {
        gateway.post(
                        gateway.owner,
                        "/freezes",
                        Map.of("ends_at", Instant.now().plus(Duration.ofDays(1)).toString(), "reason", "Sale"))
                .expect(201);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());

        assertThat(possible(gateway.editor, request.id())).containsExactly(RouteEvent.DEPLOY);
    }

    @Test
    void route_whose_deployment_failed_may_be_corrected() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        failToDeploy(request.id(), "cart");

        assertThat(possible(gateway.editor, request.id()))
                .containsExactlyInAnyOrder(RouteEvent.SUBMIT_UPDATE, RouteEvent.SUBMIT_DELETION, RouteEvent.DEPLOY);
    }

    @Test
    void route_that_is_being_deleted_takes_no_clients() {
        String route = gateway.activeRoute("cart");
        Gateway.submitted(gateway.delete(gateway.editor, "/routes/" + route));

        assertThat(takesClients(gateway.editor, route)).isFalse();
    }

    @Test
    void public_route_takes_no_clients() {
        Map<String, Object> open = new HashMap<>(Gateway.route("cart"));
        open.put("access", "public");
        String route = Gateway.submitted(gateway.post(gateway.editor, "/domains/shop/routes", open))
                .id();

        assertThat(takesClients(gateway.editor, route)).isFalse();
    }

    @Test
    void client_is_managed_by_its_team_and_by_owners_and_admins() {
        String client = gateway.client(gateway.paymentsEditor, "partner", "payments");
        Set<Permission> all = Set.of(
                Permission.CLIENT_MANAGE_IP,
                Permission.CLIENT_MANAGE_APIKEY,
                Permission.CLIENT_EDIT,
                Permission.CLIENT_DELETE);

        assertThat(possibleWithClient(gateway.paymentsEditor, client)).isEqualTo(all);
        assertThat(possibleWithClient(gateway.admin, client)).isEqualTo(all);
        assertThat(possibleWithClient(gateway.editor, client)).isEmpty();
        assertThat(possibleWithClient(gateway.viewer, client)).isEmpty();
    }

    private void failToDeploy(String route, String name) throws IOException {
        Files.createDirectories(MANIFESTS.resolve(gateway.project).resolve("httproute-shop." + name + ".yaml"));
        gateway.deploy(gateway.editor, route);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.get(gateway.viewer, "/routes/" + route)
                        .at("/status_reason")
                        .contains("httproute"));
    }

    private Set<RouteEvent> possible(String person, String route) {
        return routes.possible(new UserId(person), routes.get(new UserId(gateway.viewer), gateway.project, route));
    }

    private boolean takesClients(String person, String route) {
        Route present = routes.get(new UserId(gateway.viewer), gateway.project, route);
        return !attachments
                .attachable(new UserId(person), gateway.project, List.of(present))
                .isEmpty();
    }

    private Set<Permission> possibleWithClient(String person, String client) {
        return clients.possible(new UserId(person), clients.get(new UserId(gateway.viewer), gateway.project, client));
    }
}
