package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.change.Lifecycle.Transition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TenantsResourceTest extends TenantTest {

    static Stream<Arguments> everyEventInEveryStatus() {
        return Stream.of(TenantStatus.values())
                .flatMap(from -> Stream.of(TenantEvent.values()).map(event -> Arguments.of(from, event)));
    }

    @ParameterizedTest
    @MethodSource("everyEventInEveryStatus")
    void only_the_diagrams_transitions_are_valid(TenantStatus from, TenantEvent event) {
        Registered tenant = tenant(orchestrator(), from);

        Client.Answer answer = act(tenant, event);

        TenantLifecycle.TABLE
                .find(from, event)
                .flatMap(Transition::to)
                .ifPresentOrElse(
                        to -> {
                            assertThat(answer.expect(200).at("/status")).isEqualTo(to.wireName());
                            assertThat(status(tenant)).isEqualTo(to.wireName());
                        },
                        () -> {
                            answer.expectProblem(409, "invalid_transition");
                            assertThat(answer.at("/detail")).contains(from.wireName());
                            TenantLifecycle.TABLE
                                    .possibleIn(from)
                                    .forEach(valid ->
                                            assertThat(answer.at("/detail")).contains(valid.wireName()));
                            assertThat(status(tenant)).isEqualTo(from.wireName());
                        });
    }

    @Test
    void registration_waits_for_approval() {
        Caller orchestrator = orchestrator();

        Client.Answer answer = orchestrator.register("t-1").expect(201);

        assertThat(answer.at("/status")).isEqualTo("pending_approval");
        assertThat(answer.at("/id")).isNotEmpty();
        var shown = as("superadmin").get("/api/v1/tenants/" + answer.at("/id")).expect(200);
        assertThat(shown.at("/tenant_id")).isEqualTo("t-1");
        assertThat(shown.at("/name")).isEqualTo("Tenant t-1");
        assertThat(shown.at("/contact_email")).isEqualTo("ops@example.com");
        assertThat(shown.at("/orchestrator")).isEqualTo(orchestrator.id());
        assertThat(shown.json().get("valid_transitions").toString()).isEqualTo("[\"approve\",\"reject\"]");
    }

    @Test
    void registration_is_active_at_once_where_the_orchestrator_needs_no_approval() {
        Caller orchestrator = orchestrator(false);

        assertThat(orchestrator.register("t-1").expect(201).at("/status")).isEqualTo("active");
        assertThat(orchestrator.synced("t-1").get("status").asText()).isEqualTo("active");
    }

    @Test
    void registering_again_answers_what_exists() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");

        assertThat(orchestrator.register("t-1").expect(200).at("/id")).isEqualTo(tenant.id());
        act(tenant, TenantEvent.APPROVE).expect(200);
        assertThat(orchestrator.register("t-1").expect(200).at("/status")).isEqualTo("active");
        act(tenant, TenantEvent.SUSPEND).expect(200);
        assertThat(orchestrator.register("t-1").expect(200).at("/status")).isEqualTo("suspended");
        assertThat(registrations(orchestrator)).hasSize(1);
    }

    @Test
    void rejected_tenant_is_registered_anew_and_the_old_registration_stays() {
        Caller orchestrator = orchestrator();
        Registered rejected = orchestrator.registered("t-1");
        act(rejected, TenantEvent.REJECT).expect(200);
        assertThat(orchestrator.synced("t-1").get("status").asText()).isEqualTo("rejected");

        Registered anew = orchestrator.registered("t-1");

        assertThat(anew.id()).isNotEqualTo(rejected.id());
        assertThat(status(rejected)).isEqualTo("rejected");
        assertThat(status(anew)).isEqualTo("pending_approval");
        assertThat(registrations(orchestrator)).hasSize(2);
        assertThat(orchestrator.sync().get("tenants")).hasSize(1);
        assertThat(orchestrator.synced("t-1").get("status").asText()).isEqualTo("pending_approval");
        act(rejected, TenantEvent.APPROVE).expectProblem(409, "invalid_transition");
    }

    @Test
    void concurrent_registrations_make_one_tenant() {
        Caller orchestrator = orchestrator();

        List<CompletableFuture<Client.Answer>> calls = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> orchestrator.register("t-1")))
                .toList();
        List<Client.Answer> answers =
                calls.stream().map(CompletableFuture::join).toList();

        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(7);
        assertThat(answers.stream().map(answer -> answer.at("/id")).distinct()).hasSize(1);
    }

    @Test
    void idempotency_key_replays_the_first_answer() {
        Caller orchestrator = orchestrator();
        Map<String, String> body = Map.of("tenant_id", "t-1", "name", "One", "contact_email", "ops@example.com");

        var first = orchestrator
                .client()
                .send("POST", "/api/v1/tenants", body, "Idempotency-Key", "k1")
                .expect(201);
        var second = orchestrator
                .client()
                .send("POST", "/api/v1/tenants", body, "Idempotency-Key", "k1")
                .expect(201);

        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void registration_names_every_invalid_field() {
        var refused = orchestrator()
                .client()
                .post("/api/v1/tenants", Map.of("tenant_id", "a b", "contact_email", "nowhere"))
                .expectProblem(422, "invalid_input");

        assertThat(refused.json().get("errors").findValuesAsText("field"))
                .containsExactly("tenant_id", "name", "contact_email");
    }

    @Test
    void orchestrators_never_see_each_others_tenants() {
        Caller one = orchestrator();
        Caller other = orchestrator();
        one.registered("t-1");

        assertThat(other.sync().get("tenants")).isEmpty();
        Registered same = other.registered("t-1");
        act(same, TenantEvent.APPROVE).expect(200);

        assertThat(one.synced("t-1").get("status").asText()).isEqualTo("pending_approval");
        assertThat(other.synced("t-1").get("status").asText()).isEqualTo("active");
    }

    @Test
    void approval_goes_through_the_one_door() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        String approval = as("superadmin").get(tenant.path()).at("/approval_id");

        as("superadmin")
                .post(tenant.path() + "/approve", Map.of("comment", "known customer"))
                .expect(200);

        var decided = as("superadmin").get("/api/v1/approvals/" + approval).expect(200);
        assertThat(decided.at("/status")).isEqualTo("approved");
        assertThat(decided.at("/entity_type")).isEqualTo("tenant");
        assertThat(decided.at("/stages/0/decided_by")).isEqualTo("superadmin");
        assertThat(decided.at("/stages/0/comment")).isEqualTo("known customer");
        assertThat(decided.at("/carried_out_at")).isNotEqualTo("null");
    }

    @Test
    void deciding_the_approval_anywhere_else_moves_the_tenant() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        String approval = as("superadmin").get(tenant.path()).at("/approval_id");
        String stage = as("superadmin")
                .get("/api/v1/approvals/" + approval)
                .expect(200)
                .at("/stages/0/id");

        as("superadmin")
                .post("/api/v1/approvals/" + approval + "/stages/" + stage + "/reject", Map.of("comment", "spam"))
                .expect(200);

        assertThat(status(tenant)).isEqualTo("rejected");
    }

    @Test
    void rejection_without_a_reason_says_so() {
        Registered tenant = tenant(orchestrator(), TenantStatus.PENDING_APPROVAL);
        String approval = as("superadmin").get(tenant.path()).at("/approval_id");

        as("superadmin").send("POST", tenant.path() + "/reject", null).expect(200);

        assertThat(as("superadmin").get("/api/v1/approvals/" + approval).at("/stages/0/comment"))
                .isEqualTo("No reason given.");
    }

    @Test
    void only_superadmins_see_and_change_tenants() {
        Registered tenant = tenant(orchestrator(), TenantStatus.ACTIVE);
        for (String person : List.of(given.person("stranger"), "admin")) {
            as(person).get("/api/v1/tenants").expectProblem(403, "missing_permission");
            as(person).get(tenant.path()).expectProblem(403, "missing_permission");
            for (TenantEvent event : TenantEvent.values()) {
                as(person)
                        .post(tenant.path() + "/" + event.wireName(), Map.of())
                        .expectProblem(403, "missing_permission");
            }
            as(person)
                    .put(tenant.path() + "/features", Map.of("suricata", false))
                    .expectProblem(403, "missing_permission");
        }
        assertThat(status(tenant)).isEqualTo("active");
    }

    @Test
    void every_change_is_in_the_trail_with_its_reason() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        act(tenant, TenantEvent.APPROVE).expect(200);
        as("superadmin")
                .post(tenant.path() + "/suspend", Map.of("reason", "unpaid"))
                .expect(200);
        act(tenant, TenantEvent.REACTIVATE).expect(200);
        as("superadmin")
                .put(tenant.path() + "/features", Map.of("suricata", false))
                .expect(200);

        JsonNode trail = as("superadmin")
                .get("/api/v1/audit?entity_type=tenant&entity_id=" + tenant.id())
                .expect(200)
                .json()
                .get("items");

        assertThat(trail.findValuesAsText("action"))
                .containsExactly("set_features", "reactivate", "suspend", "activate", "approve", "submit");
        assertThat(trail.get(1).get("details").has("reason")).isFalse();
        assertThat(trail.get(2).at("/details/reason").asText()).isEqualTo("unpaid");
        assertThat(trail.get(2).at("/details/from").asText()).isEqualTo("active");
        assertThat(trail.get(2).at("/details/to").asText()).isEqualTo("suspended");
        assertThat(trail.get(2).get("actor").asText()).isEqualTo("superadmin");
        assertThat(trail.get(5).get("actor").asText()).isEqualTo(orchestrator.clientId());
    }

    @Test
    void list_filters_by_status_orchestrator_and_text() {
        Caller orchestrator = orchestrator();
        Registered pending = orchestrator.registered("alpha");
        Registered active = orchestrator.registered("beta");
        act(active, TenantEvent.APPROVE).expect(200);
        tenant(orchestrator(), TenantStatus.ACTIVE);
        String ours = "/api/v1/tenants?orchestrator=" + orchestrator.id();

        assertThat(ids(ours)).containsExactly(active.id(), pending.id());
        assertThat(ids(ours + "&status=pending_approval")).containsExactly(pending.id());
        assertThat(ids(ours + "&status=rejected")).isEmpty();
        assertThat(ids(ours + "&q=ALPH")).containsExactly(pending.id());
        var first = as("superadmin").get(ours + "&limit=1").expect(200);
        assertThat(ids(ours + "&limit=1&cursor=" + first.at("/next_cursor"))).containsExactly(pending.id());
        as("superadmin").get("/api/v1/tenants?status=gone").expectProblem(422, "invalid_input");
    }

    @Test
    void platform_says_whether_approval_is_needed_where_the_orchestrator_does_not() {
        var provisioned = as("superadmin")
                .post("/api/v1/orchestrators", Map.of("name", "Default", "contact_email", "d@example.com"))
                .expect(201);
        Client caller = asOrchestrator(provisioned.at("/client_id"), provisioned.at("/client_secret"));
        Caller orchestrator = new Caller(provisioned.at("/id"), "", "", caller);
        as(given.person("stranger"))
                .put("/api/v1/tenant-settings", Map.of("approval_required", false))
                .expectProblem(403, "missing_permission");

        assertThat(orchestrator.register("t-1").expect(201).at("/status")).isEqualTo("pending_approval");
        as("superadmin")
                .put("/api/v1/tenant-settings", Map.of("approval_required", false))
                .expect(200);
        try {
            assertThat(orchestrator.register("t-2").expect(201).at("/status")).isEqualTo("active");
        } finally {
            as("superadmin")
                    .put("/api/v1/tenant-settings", Map.of("approval_required", true))
                    .expect(200);
        }
    }

    private static List<String> ids(String path) {
        return as("superadmin").get(path).expect(200).json().get("items").findValuesAsText("id");
    }

    private static JsonNode registrations(Caller orchestrator) {
        return as("superadmin")
                .get("/api/v1/tenants?orchestrator=" + orchestrator.id())
                .expect(200)
                .json()
                .get("items");
    }
}
