package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Freeze windows: deployments wait, decisions do not. */
class FreezeTest extends ServerTest {

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void deployment_waits_until_an_owner_lifts_the_window() {
        String freeze = freeze(gateway.admin, Duration.ofDays(1)).expect(201).at("/id");
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        await().until(() ->
                gateway.get(gateway.owner, "/routes/" + request.id()).text().contains("Waiting: frozen until"));
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_deploy");
        assertThat(manifests()).noneMatch(file -> file.contains(gateway.project));

        lift(gateway.admin, freeze, "urgent").expectProblem(403, "missing_permission");
        lift(gateway.owner, freeze, "").expectProblem(422, "invalid_input");
        lift(gateway.owner, freeze, "urgent fix").expect(200);

        gateway.awaitRoute(request.id(), "active");
        lift(gateway.owner, freeze, "again").expectProblem(409, "wrong_state");
    }

    @Test
    void deployment_goes_on_by_itself_when_the_window_ends() {
        freeze(gateway.owner, Duration.ofSeconds(4)).expect(201);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());

        gateway.awaitRoute(request.id(), "active");
    }

    @Test
    void deployment_waits_on_for_a_window_that_is_open_beside_the_lifted_one() {
        String first = freeze(gateway.owner, Duration.ofDays(1)).expect(201).at("/id");
        freeze(gateway.owner, Duration.ofDays(2)).expect(201);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        lift(gateway.owner, first, "no longer needed").expect(200);

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> gateway.routeStatus(request.id()).equals("pending_deploy"));
    }

    @Test
    void deploying_again_meanwhile_leaves_what_the_deployment_waits_for() {
        freeze(gateway.admin, Duration.ofDays(1)).expect(201);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        await().until(() ->
                gateway.get(gateway.owner, "/routes/" + request.id()).text().contains("Waiting: frozen until"));

        gateway.deploy(gateway.editor, request.id());

        assertThat(gateway.get(gateway.owner, "/routes/" + request.id()).at("/status_reason"))
                .contains("Waiting: frozen until", "Black Friday");
    }

    @Test
    void window_is_set_by_owners_and_admins_and_seen_by_members() {
        freeze(gateway.editor, Duration.ofDays(1)).expectProblem(403, "missing_permission");
        freeze(given.person("stranger"), Duration.ofDays(1)).expectProblem(404, "not_found");
        freeze(gateway.admin, Duration.ofDays(-1)).expectProblem(422, "invalid_input");
        freeze(gateway.admin, Duration.ofDays(1)).expect(201);

        var shown = gateway.get(gateway.viewer, "/freezes").expect(200);
        assertThat(shown.at("/items/0/status")).isEqualTo("active");
        assertThat(shown.at("/items/0/reason")).isEqualTo("Black Friday");
        assertThat(as(gateway.owner)
                        .get("/api/v1/audit?entity_type=freeze&scope=project:" + gateway.project)
                        .expect(200)
                        .at("/items/0/action"))
                .isEqualTo("freeze");
    }

    private static List<String> manifests() {
        try (Stream<Path> files = Files.exists(MANIFESTS) ? Files.walk(MANIFESTS) : Stream.empty()) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Client.Answer freeze(String user, Duration length) {
        return gateway.post(
                user, "/freezes", Map.of("ends_at", Instant.now().plus(length).toString(), "reason", "Black Friday"));
    }

    private Client.Answer lift(String user, String freeze, String reason) {
        return gateway.delete(user, "/freezes/" + freeze + "?reason=" + reason.replace(" ", "%20"));
    }
}
