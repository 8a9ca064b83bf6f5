package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainsResourceTest extends ServerTest {

    @Test
    void host_belongs_to_one_project_only() {
        Gateway mine = Gateway.of(ServerTest::as, given);
        Gateway other = Gateway.of(ServerTest::as, given);

        other.post(other.editor, "/domains", Map.of("id", "stolen", "host", mine.project + ".example.com"))
                .expectProblem(409, "host_taken");
        mine.post(mine.editor, "/domains", Map.of("id", "shop", "host", "another.example.com"))
                .expectProblem(409, "domain_exists");
    }

    @Test
    void approver_and_viewer_see_domains_and_change_none() {
        Gateway gateway = Gateway.of(ServerTest::as, given);

        for (String person : new String[] {gateway.approver, gateway.viewer}) {
            gateway.post(person, "/domains", Map.of("id", "more", "host", "more.example.com"))
                    .expectProblem(403, "missing_permission");
            gateway.delete(person, "/domains/shop").expectProblem(403, "missing_permission");
            assertThat(gateway.get(person, "/domains").expect(200).at("/items/0/id"))
                    .isEqualTo("shop");
        }
        as(given.person("stranger"))
                .get("/api/v1/projects/" + gateway.project + "/domains")
                .expectProblem(404, "not_found");
    }

    @Test
    void host_changes_and_domain_goes_only_while_there_are_no_routes() {
        Gateway gateway = Gateway.of(ServerTest::as, given);
        String host = given.unique("host") + ".example.com";

        assertThat(gateway.put(gateway.editor, "/domains/shop", Map.of("host", host))
                        .expect(200)
                        .at("/host"))
                .isEqualTo(host);
        var request = gateway.submitRoute(gateway.editor, "cart");
        gateway.put(gateway.editor, "/domains/shop", Map.of("host", "x" + host)).expectProblem(409, "domain_in_use");
        gateway.delete(gateway.editor, "/domains/shop").expectProblem(409, "domain_in_use");
        gateway.reject(gateway.approver, request);
        gateway.delete(gateway.editor, "/domains/shop").expect(204);
        gateway.get(gateway.editor, "/domains/shop").expectProblem(404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "shop", "Shop.example.com", "*.example.com", "shop..com", "10.0.0.1", "a b.com", "-a.com"})
    void host_is_a_host_name(String host) {
        Gateway gateway = Gateway.of(ServerTest::as, given);

        assertThat(gateway.post(gateway.editor, "/domains", Map.of("id", "more", "host", host))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("host");
    }
}
