package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class FeatureSyncTest extends TenantTest {

    private static final String SYNC = "/api/v1/sync/features";

    @Autowired
    JdbcClient jdbc;

    @Test
    void features_that_nobody_set_are_enabled_while_the_tenant_is_active() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");

        assertThat(orchestrator.synced("t-1").toString())
                .isEqualTo("{\"tenant_id\":\"t-1\",\"status\":\"pending_approval\","
                        + "\"features\":{\"suricata\":false,\"wireguard_iot\":false}}");
        act(tenant, TenantEvent.APPROVE).expect(200);

        assertThat(orchestrator.synced("t-1").toString())
                .isEqualTo("{\"tenant_id\":\"t-1\",\"status\":\"active\","
                        + "\"features\":{\"suricata\":true,\"wireguard_iot\":true}}");
    }

    @Test
    void suspension_switches_everything_off_and_reactivation_restores_what_was_set() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        act(tenant, TenantEvent.APPROVE).expect(200);
        as("superadmin")
                .put(tenant.path() + "/features", Map.of("suricata", false))
                .expect(200);
        assertThat(features(orchestrator)).isEqualTo("{\"suricata\":false,\"wireguard_iot\":true}");

        act(tenant, TenantEvent.SUSPEND).expect(200);
        assertThat(features(orchestrator)).isEqualTo("{\"suricata\":false,\"wireguard_iot\":false}");

        act(tenant, TenantEvent.REACTIVATE).expect(200);
        assertThat(features(orchestrator)).isEqualTo("{\"suricata\":false,\"wireguard_iot\":true}");
    }

    @Test
    void what_is_set_during_a_suspension_holds_after_it() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        act(tenant, TenantEvent.APPROVE).expect(200);
        act(tenant, TenantEvent.SUSPEND).expect(200);

        as("superadmin")
                .put(tenant.path() + "/features", Map.of("wireguard_iot", false))
                .expect(200);
        act(tenant, TenantEvent.REACTIVATE).expect(200);

        assertThat(features(orchestrator)).isEqualTo("{\"suricata\":true,\"wireguard_iot\":false}");
    }

    @Test
    void rejected_tenant_and_unknown_feature_are_refused() {
        Registered rejected = tenant(orchestrator(), TenantStatus.REJECTED);

        as("superadmin")
                .put(rejected.path() + "/features", Map.of("suricata", true))
                .expectProblem(409, "rejected");
        as("superadmin")
                .put(rejected.path() + "/features", Map.of("teleport", true))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void answer_says_how_often_to_ask_and_what_not_to_do() {
        JsonNode answer = orchestrator().sync();

        assertThat(answer.get("poll_interval_seconds").asInt()).isEqualTo(300);
        assertThat(answer.at("/guidance/disconnect_edges").isBoolean()).isTrue();
        assertThat(answer.at("/guidance/disconnect_edges").asBoolean()).isFalse();
        assertThat(answer.at("/guidance/keep_last_state_on_error").asBoolean()).isTrue();
        assertThat(answer.get("tenants")).isEmpty();
    }

    @Test
    void unchanged_state_is_answered_with_304_and_every_change_with_a_new_tag() {
        Caller orchestrator = orchestrator();
        List<String> tags = new ArrayList<>();
        tags.add(tag(orchestrator));
        Registered tenant = orchestrator.registered("t-1");
        tags.add(tag(orchestrator));
        for (TenantEvent event : List.of(TenantEvent.APPROVE, TenantEvent.SUSPEND, TenantEvent.REACTIVATE)) {
            act(tenant, event).expect(200);
            tags.add(tag(orchestrator));
        }
        as("superadmin")
                .put(tenant.path() + "/features", Map.of("suricata", false))
                .expect(200);
        tags.add(tag(orchestrator));

        assertThat(tags).doesNotHaveDuplicates().allMatch(tag -> tag.matches("\"[^\"]+\""));
        String last = tags.get(tags.size() - 1);
        for (String header : List.of(last, "W/" + last, "\"other\", " + last)) {
            Client.Answer unchanged = orchestrator.client().send("GET", SYNC, null, "If-None-Match", header);
            assertThat(unchanged.expect(304).text()).isEmpty();
            assertThat(unchanged.raw().headers().allValues("etag")).containsExactly(last);
        }
        orchestrator
                .client()
                .send("GET", SYNC, null, "If-None-Match", tags.get(0))
                .expect(200);
        orchestrator.register("t-1").expect(200);
        assertThat(tag(orchestrator)).isEqualTo(last);
    }

    @Test
    void setting_what_the_answer_does_not_show_leaves_the_tag_alone() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        act(tenant, TenantEvent.APPROVE).expect(200);
        String active = tag(orchestrator);

        as("superadmin")
                .put(tenant.path() + "/features", Map.of("suricata", true))
                .expect(200);
        assertThat(tag(orchestrator)).as("it is on already").isEqualTo(active);

        act(tenant, TenantEvent.SUSPEND).expect(200);
        String suspended = tag(orchestrator);
        as("superadmin")
                .put(tenant.path() + "/features", Map.of("suricata", false))
                .expect(200);
        assertThat(tag(orchestrator)).as("all are off while it is suspended").isEqualTo(suspended);
    }

    @Test
    void another_orchestrators_changes_leave_the_tag_alone() {
        Caller orchestrator = orchestrator();
        String before = tag(orchestrator);

        tenant(orchestrator(), TenantStatus.ACTIVE);

        assertThat(tag(orchestrator)).isEqualTo(before);
    }

    @Test
    void big_answer_is_whole() {
        Caller orchestrator = orchestrator();
        jdbc.sql("""
                        insert into tenants (id, orchestrator_id, orchestrator_name, tenant_id, name, contact_email,
                                             status, latest, registered_at, status_changed_at)
                        select gen_random_uuid(), ?::uuid, 'x', 'big-' || n, 'x', 'x@example.com', 'active', true,
                               now(), now()
                        from generate_series(1, 5000) n""").param(orchestrator.id()).update();

        Client.Answer answer = orchestrator.client().get(SYNC).expect(200);

        assertThat(answer.json().get("tenants")).hasSize(5000);
        assertThat(answer.raw().headers().firstValue("content-length")).isPresent();
    }

    /**
     * An orchestrator polls, with and without ETag, while its tenants are registered, approved, suspended, reactivated.
     */
    @Test
    void polling_client_never_sees_a_partial_or_impossible_state() {
        Caller orchestrator = orchestrator();
        List<Registered> tenants = IntStream.range(0, 6)
                .mapToObj(i -> orchestrator.registered("t-" + i))
                .toList();
        Set<String> names = tenants.stream().map(Registered::tenantId).collect(Collectors.toSet());
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Integer>> polls = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> poll(orchestrator, names, done)))
                .toList();

        List<CompletableFuture<Void>> lives = tenants.stream()
                .map(tenant -> CompletableFuture.runAsync(() -> {
                    act(tenant, TenantEvent.APPROVE).expect(200);
                    as("superadmin")
                            .put(tenant.path() + "/features", Map.of("wireguard_iot", false))
                            .expect(200);
                    for (int i = 0; i < 4; i++) {
                        act(tenant, TenantEvent.SUSPEND).expect(200);
                        act(tenant, TenantEvent.REACTIVATE).expect(200);
                    }
                }))
                .toList();
        lives.forEach(CompletableFuture::join);
        done.set(true);

        polls.forEach(poll -> assertThat(poll.join()).isGreaterThan(3));
        orchestrator
                .sync()
                .get("tenants")
                .forEach(tenant -> assertThat(tenant.toString())
                        .contains("\"active\"")
                        .contains("\"suricata\":true")
                        .contains("\"wireguard_iot\":false"));
    }

    private static int poll(Caller orchestrator, Set<String> names, AtomicBoolean done) {
        int polls = 0;
        String tag = "";
        while (!done.get()) {
            Client.Answer answer = orchestrator.client().send("GET", SYNC, null, "If-None-Match", tag);
            polls++;
            if (answer.status() == 304) {
                continue;
            }
            String newTag =
                    answer.expect(200).raw().headers().firstValue("etag").orElseThrow();
            assertThat(newTag).as("what changed has another tag").isNotEqualTo(tag);
            tag = newTag;
            JsonNode tenants = answer.json().get("tenants");
            assertThat(StreamSupport.stream(tenants.spliterator(), false)
                            .map(tenant -> tenant.get("tenant_id").asText())
                            .collect(Collectors.toSet()))
                    .isEqualTo(names);
            for (JsonNode tenant : tenants) {
                String status = tenant.get("status").asText();
                boolean suricata = tenant.at("/features/suricata").asBoolean();
                boolean wireguard = tenant.at("/features/wireguard_iot").asBoolean();
                assertThat(status).isIn("pending_approval", "active", "suspended");
                assertThat(suricata).isEqualTo(status.equals("active"));
                assertThat(wireguard && !status.equals("active")).isFalse();
            }
        }
        return polls;
    }

    private static String features(Caller orchestrator) {
        return orchestrator.synced("t-1").get("features").toString();
    }

    private static String tag(Caller orchestrator) {
        return orchestrator
                .client()
                .get(SYNC)
                .expect(200)
                .raw()
                .headers()
                .firstValue("etag")
                .orElseThrow();
    }
}
