package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.api.problem.InvalidInput;
import io.countersign.identity.OrganizationRole;
import io.countersign.tenant.orchestrator.Orchestrators;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A person, an orchestrator and Countersign itself are told apart, whatever their names. */
class PrincipalsTest extends TenantTest {

    @Autowired
    Orchestrators orchestrators;

    @Autowired
    JdbcClient jdbc;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system",
                "anonymous",
                "anonymoususer",
                "cli",
                "camunda",
                "camunda-admin",
                "countersign",
                "monitoring",
                "nobody",
                "people",
                "root",
                "superadmins",
                "administrator",
                "system.",
                "system-",
                "camunda_admin"
            })
    void reserved_name_is_nobodys(String name) {
        Client.Answer answer = as("superadmin").post("/api/v1/users", user(name));

        assertThat(refusedField(answer)).isEqualTo("id");
        assertThat(answer.at("/errors/0/message")).contains("reserved");
    }

    @Test
    void person_is_not_named_like_an_orchestrator() {
        Caller orchestrator = orchestrator();

        assertThat(refusedField(as("superadmin").post("/api/v1/users", user(orchestrator.clientId()))))
                .isEqualTo("id");

        as("superadmin").delete("/api/v1/orchestrators/" + orchestrator.id()).expect(204);
        assertThat(refusedField(as("superadmin").post("/api/v1/users", user(orchestrator.clientId()))))
                .as("not even when it is gone, as the trail still names it")
                .isEqualTo("id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "a person's"})
    void orchestrator_is_not_named_like_anybody_else(String whose) {
        String name = whose.equals("system") ? whose : given.person("person");
        Orchestrators.Details details =
                new Orchestrators.Details("Name", "ops@example.com", Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> orchestrators.provision(details, name, "secret"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("client_id");
    }

    @Test
    void trail_says_what_kind_of_principal_acted() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        act(tenant, TenantEvent.APPROVE).expect(200);

        String about = "/api/v1/audit?entity_type=tenant&entity_id=" + tenant.id();
        assertThat(entry(about + "&action=submit").path("actor_type").asText()).isEqualTo("orchestrator");
        assertThat(entry(about + "&action=approve").path("actor_type").asText()).isEqualTo("person");
        assertThat(entry("/api/v1/audit?actor=system").path("actor_type").asText())
                .isEqualTo("system");
        String csv = as("superadmin")
                .get("/api/v1/audit/export?format=csv&entity_type=tenant&entity_id=" + tenant.id())
                .expect(200)
                .text();
        assertThat(csv.lines().findFirst().orElseThrow()).contains(",actor,actor_type,action,");
        assertThat(csv).contains("," + orchestrator.clientId() + ",orchestrator,submit,");
    }

    @Test
    void request_says_that_an_orchestrator_submitted_it() {
        Registered tenant = orchestrator().registered("t-1");
        String approval = as("superadmin").get(tenant.path()).expect(200).at("/approval_id");

        assertThat(as("superadmin")
                        .get("/api/v1/approvals/" + approval)
                        .expect(200)
                        .at("/submitter_type"))
                .isEqualTo("orchestrator");
    }

    /** No way in makes such a person; one may have been there before names were held apart. */
    @Test
    void person_who_has_an_orchestrators_name_is_not_taken_for_it() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered("t-1");
        String approval = as("superadmin").get(tenant.path()).expect(200).at("/approval_id");
        given.personNamed(orchestrator.clientId());
        Client namesake = as(orchestrator.clientId());

        namesake.get("/api/v1/approvals/" + approval).expect(404);
        assertThat(namesake.get("/api/v1/approvals").expect(200).json().path("items"))
                .isEmpty();
        assertThat(namesake.get("/api/v1/approvals?submitter=" + orchestrator.clientId())
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
        namesake.post("/api/v1/approvals/" + approval + "/cancel", Map.of()).expect(404);

        jdbc.sql("update users set superadmin = true where id = ?")
                .param(orchestrator.clientId())
                .update();
        assertThat(namesake.get("/api/v1/approvals?decidable=true&entityId=" + tenant.id())
                        .expect(200)
                        .json()
                        .path("items"))
                .hasSize(1);
        namesake.post(tenant.path() + "/approve", Map.of()).expect(200);
        assertThat(entry("/api/v1/audit?action=approve&entity_id=" + tenant.id())
                        .path("actor_type")
                        .asText())
                .isEqualTo("person");
    }

    @Test
    void idempotency_keys_of_a_person_and_an_orchestrator_never_meet() {
        Caller orchestrator = orchestrator();
        given.personNamed(orchestrator.clientId());
        given.member(given.organization().id(), orchestrator.clientId(), OrganizationRole.OWNER);

        orchestrator
                .client()
                .send(
                        "POST",
                        "/api/v1/tenants",
                        Map.of("tenant_id", "t-1", "name", "T", "contact_email", "ops@example.com"),
                        "Idempotency-Key",
                        "same")
                .expect(201);

        assertThat(jdbc.sql("select caller from idempotency_keys where key = 'same' and caller like ?")
                        .param("%" + orchestrator.clientId())
                        .query(String.class)
                        .list())
                .containsExactly("orchestrator:" + orchestrator.clientId());
    }

    private static Map<String, Object> user(String id) {
        return Map.of("id", id, "display_name", "Somebody");
    }

    private static String refusedField(Client.Answer answer) {
        answer.expectProblem(422, "invalid_input");
        assertThat(answer.json().path("errors")).as(answer.text()).hasSize(1);
        return answer.at("/errors/0/field");
    }

    private static JsonNode entry(String path) {
        return Stream.of(as("superadmin").get(path).expect(200).json().path("items"))
                .map(items -> items.path(0))
                .findFirst()
                .orElseThrow();
    }
}
