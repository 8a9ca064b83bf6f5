package io.countersign.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests go to the address that the guard looked at, and nowhere else. */
class GuardedWebhooksTest {

    private final List<String> posted = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posted.add(exchange.getRequestMethod()
                    + " " + exchange.getRequestURI()
                    + " " + exchange.getRequestHeaders().getFirst("Host")
                    + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void post_arrives_whole() {
        webhooks(Set.of("hooks.test"), loopback())
                .post(url("hooks.test") + "/a/b?c=d%20e", Map.of("X-Y", "z"), "{\"ü\":1}");

        assertThat(posted).containsExactly("POST /a/b?c=d%20e hooks.test:" + port() + " {\"ü\":1}");
    }

    @Test
    void name_that_leads_inside_after_it_was_looked_at_is_not_followed() throws Exception {
        // The first answer is for the guard, the second for whoever connects.
        Deque<InetAddress> answers = new ArrayDeque<>(List.of(publicAddress(), InetAddress.getLoopbackAddress()));
        GuardedWebhooks webhooks = webhooks(Set.of(), host -> new InetAddress[] {answers.poll()});

        assertThatThrownBy(() -> webhooks.post("https://rebinding.test:" + port() + "/x", Map.of(), "{}"))
                .hasMessageContaining("private network");
        assertThat(posted).isEmpty();
    }

    @Test
    void one_inner_address_among_many_is_enough_to_refuse() throws Exception {
        InetAddress[] both = {publicAddress(), InetAddress.getLoopbackAddress()};

        assertThat(webhooks(Set.of(), host -> both).objection("https://mixed.test/x"))
                .isPresent();
    }

    @Test
    void host_that_the_operator_allows_is_allowed_by_its_name_alone() {
        GuardedWebhooks webhooks = webhooks(Set.of("hooks.test"), loopback());

        assertThat(webhooks.objection("http://hooks.test/x")).isEmpty();
        assertThat(webhooks.objection("http://other.test/x")).isPresent();
        assertThat(webhooks.objection("https://other.test/x")).isPresent();
    }

    @Test
    void header_that_would_add_another_is_not_sent() {
        GuardedWebhooks webhooks = webhooks(Set.of("hooks.test"), loopback());

        assertThatThrownBy(() -> webhooks.post(url("hooks.test") + "/x", Map.of("X", "a\r\nY: b"), "{}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(posted).isEmpty();
    }

    @Test
    void answer_that_is_no_http_or_never_ends_is_a_failure() throws Exception {
        for (String nonsense : List.of("SSH-2.0-x\r\n", "x".repeat(5_000), "")) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> {
                    try (Socket client = socket.accept()) {
                        client.getInputStream().readNBytes(20);
                        client.getOutputStream().write(nonsense.getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                String url = "http://hooks.test:" + socket.getLocalPort() + "/x";

                assertThatThrownBy(
                                () -> webhooks(Set.of("hooks.test"), loopback()).post(url, Map.of(), "{}"))
                        .hasMessageContaining("cannot be reached");
                answering.join();
            }
        }
    }

    private static InetAddress publicAddress() throws UnknownHostException {
        return InetAddress.getByAddress("rebinding.test", new byte[] {8, 8, 8, 8});
    }

    private static WebhookGuard.Resolver loopback() {
        return host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private static GuardedWebhooks webhooks(Set<String> privateHosts, WebhookGuard.Resolver resolver) {
        return new GuardedWebhooks(new WebhookGuard(false, privateHosts, resolver));
    }

    private String url(String host) {
        return "http://" + host + ":" + port();
    }

    private int port() {
        return server.getAddress().getPort();
    }
}
