package io.countersign.identity.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.ServerTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the firewall in front of everything does not let in. */
class RefusedUrlTest extends ServerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1//auth/me",
                "/api/v1/orgs/acme%2Fmembers",
                "/api/v1/auth/me;v=1",
                "/api/v1/orgs/%252e%252e/clusters",
                "/api/v1/approvals?status=%00"
            })
    void is_a_problem_with_a_code(String path) {
        Client.Answer answer = as(given.person("person")).get(path);

        answer.expectProblem(400, "request_refused");
        assertThat(answer.raw().headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.at("/status")).isEqualTo("400");
        assertThat(answer.text()).doesNotContain("exception").doesNotContain("trace");
    }

    @Test
    void is_a_page_for_people() {
        Client.Answer answer = anonymous().send("GET", "/inbox//x", null, "Accept", "text/html,*/*;q=0.8");

        answer.expect(400);
        assertThat(answer.raw().headers().firstValue("content-type").orElseThrow())
                .startsWith("text/html");
    }
}
