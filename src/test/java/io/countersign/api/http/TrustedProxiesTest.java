package io.countersign.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;

class TrustedProxiesTest {

    @ParameterizedTest
    @CsvSource({
        "'45.0.0.1', 45.0.0.1",
        "'6.6.6.6, 45.0.0.1', 45.0.0.1",
        "'6.6.6.6, 45.0.0.1, 10.1.0.9', 45.0.0.1",
        "'45.0.0.1:4711', 45.0.0.1",
        "'[2001:DB8::1]:4711', 2001:db8::1",
        "'2001:db8::1', 2001:db8::1",
        "'10.1.0.7, 10.1.0.9', 10.1.0.7",
        // What is no address is not believed, nor is what came before it.
        "'6.6.6.6, <script>, 10.1.0.9', 10.1.0.9",
        "'6.6.6.6, unknown', ",
        "'localhost', ",
        "'45.0.0.1/8', ",
        "'045.0.0.1', ",
    })
    void named_proxy_tells_the_address_that_it_was_called_from(String header, String client) {
        Request request = pass(request("10.1.0.2", "X-Forwarded-For", header));

        assertThat(request.getHeader("X-Forwarded-For")).isEqualTo(client);
    }

    @Test
    void named_proxy_tells_scheme_and_host() {
        Request request = pass(request("10.1.0.2", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "a.example"));

        assertThat(request.getHeader("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(request.getHeader("X-Forwarded-Host")).isEqualTo("a.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.2.0.2", "192.168.0.1", "45.0.0.1", "fe80::1"})
    void nobody_else_tells_anything_be_their_address_private_or_not(String peer) {
        Request request = pass(request(
                peer,
                "X-Forwarded-For",
                "6.6.6.6",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "evil.example",
                "X-Forwarded-Port",
                "1"));

        for (String header : List.of("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")) {
            assertThat(request.getHeader(header)).as(header).isNull();
        }
    }

    @Test
    void network_that_is_none_stops_the_start() {
        assertThatThrownBy(() -> new TrustedProxies(List.of("10.0.0.0/8", "10.0.0.1/8")))
                .hasMessageContaining("countersign.trusted-proxies")
                .hasMessageContaining("10.0.0.1/8");
    }

    private static Request request(String peer, String... headers) {
        org.apache.coyote.Request received = new org.apache.coyote.Request();
        for (int n = 0; n < headers.length; n += 2) {
            received.getMimeHeaders().addValue(headers[n]).setString(headers[n + 1]);
        }
        Request request = new Request(new Connector());
        request.setCoyoteRequest(received);
        request.setRemoteAddr(peer);
        return request;
    }

    private static Request pass(Request request) {
        TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory();
        new TrustedProxies(List.of("10.1.0.0/16")).customize(tomcat);
        Valve valve = tomcat.getEngineValves().iterator().next();
        AtomicReference<Request> passed = new AtomicReference<>();
        valve.setNext(new ValveBase() {
            @Override
            public void invoke(Request next, Response response) {
                passed.set(next);
            }
        });
        try {
            valve.invoke(request, null);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return passed.get();
    }
}
