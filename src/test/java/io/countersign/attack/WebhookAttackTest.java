package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody has this server send requests into the network that it stands in. */
class WebhookAttackTest extends ServerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x",
                "https://127.1/x",
                "https://2130706433/x",
                "https://0/x",
                "https://0.0.0.0:8443/x",
                "https://10.0.0.1/x",
                "https://172.31.255.254/x",
                "https://192.168.0.1/x",
                "https://100.64.0.1/x",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::1]/x",
                "https://[::]/x",
                "https://[::ffff:10.0.0.1]/x",
                "https://[::ffff:a9fe:a9fe]/x",
                "https://[64:ff9b::a9fe:a9fe]/x",
                "https://[2002:7f00:1::]/x",
                "https://[fd00::1]/x",
                "https://[fe80::1%25lo]/x",
                "https://localhost/x",
                "https://LOCALHOST/x",
                "https://user@8.8.8.8/x",
                "https://8.8.8.8\\@127.0.0.1/x",
                "https://8.8.8.8#@127.0.0.1/x",
                "https://８.8.8.8/x",
                "http://8.8.8.8/x",
                "http://169.254.169.254/x",
                "file:///etc/passwd",
                "gopher://127.0.0.1:25/x",
                "jar:https://8.8.8.8!/x",
                "ldap://8.8.8.8/x",
                "//127.0.0.1/x",
                "https://8.8.8.8/x\r\nHost: evil"
            })
    void webhook_that_leads_inside_is_refused_wherever_one_is_set(String url) {
        Org org = given.organization();

        Client.Answer channel = as(org.owner())
                .post(
                        "/api/v1/me/channels",
                        Map.of("organization", org.id(), "kind", "slack", "name", "hook", "target", url))
                .expectProblem(422, "invalid_input");
        as("superadmin")
                .post(
                        "/api/v1/orchestrators",
                        Map.of(
                                "name",
                                given.unique("Orchestrator"),
                                "contact_email",
                                "orchestrator@example.com",
                                "approval_required",
                                true,
                                "url",
                                url))
                .expectProblem(422, "invalid_input");

        assertThat(channel.at("/errors/0/field")).isEqualTo("target");
    }
}
