package io.countersign.notification.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookGuardTest {

    private final WebhookGuard guard = new WebhookGuard(false, Set.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x",
                "https://127.1/x",
                "https://0.0.0.0/x",
                "https://10.1.2.3/x",
                "https://172.16.0.1/x",
                "https://172.31.255.255/x",
                "https://192.168.1.1/x",
                "https://169.254.169.254/latest/meta-data",
                "https://100.64.0.1/x",
                "https://192.0.0.1/x",
                "https://198.18.0.1/x",
                "https://224.0.0.1/x",
                "https://255.255.255.255/x",
                "https://[::1]/x",
                "https://[::]/x",
                "https://[fe80::1]/x",
                "https://[fc00::1]/x",
                "https://[fd12:3456::1]/x",
                "https://[::ffff:127.0.0.1]/x",
                "https://[::127.0.0.1]/x",
                "https://[64:ff9b::7f00:1]/x",
                "https://[64:ff9b:1:a00:0:100:808:808]/x",
                "https://[64:ff9b:1::808:808]/x",
                "https://[64:ff9b::1:808:808]/x",
                "https://[2002:7f00:1::]/x",
                "https://localhost/x",
                "https://2130706433/x"
            })
    void addresses_of_this_network_are_refused(String url) {
        assertThat(guard.objection(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://8.8.8.8/x",
                "ftp://8.8.8.8/x",
                "file:///etc/passwd",
                "https:///x",
                "https://user:password@8.8.8.8/x",
                "https://8.8.8.8/x#y",
                "not a url",
                ""
            })
    void other_than_https_to_a_host_is_refused(String url) {
        assertThat(guard.objection(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://8.8.8.8/services/T/B/x",
                "https://[2001:4860:4860::8888]/x",
                "https://[64:ff9b::808:808]/x",
                "https://172.32.0.1/x"
            })
    void public_addresses_are_fine(String url) {
        assertThat(guard.objection(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080/x", "https://10.0.0.1/x"})
    void this_network_is_fine_where_the_operator_allows_it(String url) {
        assertThat(new WebhookGuard(true, Set.of()).objection(url)).isEmpty();
    }
}
