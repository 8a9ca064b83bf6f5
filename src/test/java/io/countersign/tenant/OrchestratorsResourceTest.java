package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class OrchestratorsResourceTest extends TenantTest {

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    @Test
    void demo_orchestrator_gets_a_token_for_its_client_id_and_secret() {
        assertThat(asOrchestrator("demo-orchestrator", "demo")
                        .get("/api/v1/sync/features")
                        .expect(200)
                        .at("/poll_interval_seconds"))
                .isEqualTo("300");
    }

    @Test
    void secret_is_shown_once_and_stored_only_hashed() {
        var provisioned = as("superadmin")
                .post("/api/v1/orchestrators", Map.of("name", "Edge West", "contact_email", "west@example.com"))
                .expect(201);
        String secret = provisioned.at("/client_secret");

        assertThat(secret).hasSizeGreaterThan(40);
        assertThat(provisioned.raw().headers().firstValue("cache-control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
        var shown = as("superadmin")
                .get("/api/v1/orchestrators/" + provisioned.at("/id"))
                .expect(200);
        assertThat(shown.text()).doesNotContain(secret).doesNotContain("secret").doesNotContain("signing_key");
        assertThat(shown.at("/name")).isEqualTo("Edge West");
        assertThat(shown.at("/contact_email")).isEqualTo("west@example.com");
        assertThat(shown.json().get("url").isNull()).isTrue();
        assertThat(shown.at("/status")).isEqualTo("active");
        assertThat(shown.at("/created")).isNotEmpty();
        assertThat(shown.json().get("last_used").isNull()).isTrue();
        assertThat(jdbc.sql("select count(*) from orchestrators o where o::text like '%' || ? || '%'")
                        .param(secret)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void access_token_is_a_short_lived_reference_stored_only_hashed() {
        Caller orchestrator = orchestrator();

        Client.Answer answer = askForToken(orchestrator.clientId(), orchestrator.secret());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("\"token_type\":\"Bearer\"").containsPattern("\"expires_in\":(900|899)");
        String token = answer.at("/access_token");
        assertThat(jdbc.sql("select count(*) from orchestrator_tokens t where t::text like '%' || ? || '%'")
                        .param(token)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void changes_of_different_fields_at_the_same_moment_are_both_kept() {
        String path = "/api/v1/orchestrators/"
                + as("superadmin")
                        .post("/api/v1/orchestrators", Map.of("name", "Edge", "contact_email", "edge@example.com"))
                        .expect(201)
                        .at("/id");

        CompletableFuture<Client.Answer> other = transaction.execute(status -> {
            jdbc.sql("update orchestrators set name = 'Edge North' where id = ?::uuid")
                    .param(path.substring(path.lastIndexOf('/') + 1))
                    .update();
            CompletableFuture<Client.Answer> change = CompletableFuture.supplyAsync(
                    () -> as("superadmin").patch(path, Map.of("contact_email", "north@example.com")));
            Awaitility.await().until(() -> waitingForARow() || change.isDone());
            return change;
        });

        assertThat(other.join().expect(200).at("/contact_email")).isEqualTo("north@example.com");
        assertThat(as("superadmin").get(path).expect(200).at("/name")).isEqualTo("Edge North");
    }

    private boolean waitingForARow() {
        return jdbc.sql("""
                        select exists (select 1 from pg_stat_activity
                                       where datname = current_database() and wait_event_type = 'Lock'
                                         and query like '%orchestrators%')""").query(Boolean.class).single();
    }

    @Test
    void wrong_secret_or_unknown_client_gets_no_token() {
        assertThat(askForToken("demo-orchestrator", "wrong").status()).isEqualTo(401);
        assertThat(askForToken("nobody", "demo").status()).isEqualTo(401);
        assertThat(askForToken("superadmin", "demo").status()).isEqualTo(401);
    }

    @Test
    void only_superadmins_manage_orchestrators() {
        String stranger = given.person("stranger");

        as(stranger).get("/api/v1/orchestrators").expectProblem(403, "missing_permission");
        as(stranger)
                .post("/api/v1/orchestrators", Map.of("name", "x", "contact_email", "x@example.com"))
                .expectProblem(403, "missing_permission");
        as("admin").get("/api/v1/orchestrators").expectProblem(403, "missing_permission");
        anonymous().get("/api/v1/orchestrators").expectProblem(401, "unauthenticated");
    }

    @Test
    void name_and_contact_email_are_needed() {
        var refused = as("superadmin")
                .post("/api/v1/orchestrators", Map.of("url", "ftp://x"))
                .expectProblem(422, "invalid_input");

        assertThat(refused.json().get("errors").findValuesAsText("field"))
                .containsExactly("name", "contact_email", "url");
    }

    @Test
    void details_change_one_by_one_and_url_and_approval_may_be_taken_back() {
        String path = "/api/v1/orchestrators/" + orchestrator(false).id();

        as("superadmin")
                .patch(path, Map.of("url", "https://hooks.example.com/x"))
                .expect(200);
        var renamed = as("superadmin").patch(path, Map.of("name", "Renamed")).expect(200);
        assertThat(renamed.at("/name")).isEqualTo("Renamed");
        assertThat(renamed.at("/url")).isEqualTo("https://hooks.example.com/x");
        assertThat(renamed.at("/approval_required")).isEqualTo("false");

        Map<String, Object> nothing = new HashMap<>();
        nothing.put("url", null);
        nothing.put("approval_required", null);
        var emptied = as("superadmin").patch(path, nothing).expect(200);
        assertThat(emptied.json().get("url").isNull()).isTrue();
        assertThat(emptied.json().get("approval_required").isNull()).isTrue();
        assertThat(emptied.at("/name")).isEqualTo("Renamed");
    }

    @Test
    void deprovisioned_orchestrator_is_refused_at_once() {
        Caller orchestrator = orchestrator();
        orchestrator.client().get("/api/v1/sync/features").expect(200);
        String path = "/api/v1/orchestrators/" + orchestrator.id();

        as("superadmin").delete(path).expect(204);

        orchestrator.client().get("/api/v1/sync/features").expectProblem(401, "unauthenticated");
        orchestrator.register("t-1").expectProblem(401, "unauthenticated");
        assertThat(askForToken(orchestrator.clientId(), orchestrator.secret()).status())
                .isEqualTo(401);
        assertThat(as("superadmin").get(path).expect(200).at("/status")).isEqualTo("deprovisioned");
        as("superadmin").delete(path).expect(204);
        as("superadmin").patch(path, Map.of("name", "x")).expectProblem(409, "deprovisioned");
    }

    @Test
    void orchestrators_and_people_are_kept_apart() {
        Caller orchestrator = orchestrator();

        for (String path : new String[] {
            "/api/v1/tenants",
            "/api/v1/orchestrators",
            "/api/v1/approvals",
            "/api/v1/auth/me",
            "/api/v1/audit",
            "/engine-rest/task",
            "/engine-rest/version"
        }) {
            orchestrator.client().get(path).expectProblem(403, "forbidden");
        }
        as("superadmin").get("/api/v1/sync/features").expectProblem(403, "forbidden");
        as("superadmin")
                .post("/api/v1/tenants", Map.of("tenant_id", "x", "name", "x", "contact_email", "x@example.com"))
                .expectProblem(403, "forbidden");
        anonymous().get("/api/v1/sync/features").expectProblem(401, "unauthenticated");
    }

    @Test
    void last_used_follows_every_call_with_at_most_one_write_in_a_second() {
        Caller orchestrator = orchestrator();
        Instant first = lastUsed(orchestrator);
        Set<String> versions = new HashSet<>();
        long start = System.nanoTime();

        for (int i = 0; i < 30; i++) {
            orchestrator.client().get("/api/v1/sync/features").expect(200);
            versions.add(rowVersion(orchestrator));
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        assertThat(versions).hasSizeLessThanOrEqualTo((int) seconds + 2);

        Awaitility.await().untilAsserted(() -> {
            orchestrator.client().get("/api/v1/sync/features").expect(200);
            assertThat(lastUsed(orchestrator)).isAfter(first);
        });
    }

    private Instant lastUsed(Caller orchestrator) {
        return Instant.parse(as("superadmin")
                .get("/api/v1/orchestrators/" + orchestrator.id())
                .at("/last_used"));
    }

    /** The transaction that wrote the row last. */
    private String rowVersion(Caller orchestrator) {
        return jdbc.sql("select xmin::text from orchestrators where id = ?::uuid")
                .param(orchestrator.id())
                .query(String.class)
                .single();
    }
}
