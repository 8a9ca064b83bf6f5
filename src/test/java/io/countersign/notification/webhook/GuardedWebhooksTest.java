package io.countersign.notification.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests go to the address that the guard looked at, and nowhere else. */
class GuardedWebhooksTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String PASSWORD = "changeit";

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

    @Test
    void redirect_is_not_followed() {
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });

        assertThatThrownBy(() ->
                        webhooks(Set.of("hooks.test"), loopback()).post(url("hooks.test") + "/moved", Map.of(), "{}"))
                .hasMessage("The webhook answered with status 307");
        assertThat(posted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[fd00::1]", "Hooks.Test", "127.0.0.2"})
    void host_that_the_operator_allows_may_be_written_in_any_form(String host) {
        webhooks(Set.of(host), loopback()).post(url(host) + "/x", Map.of(), "{}");

        assertThat(posted).containsExactly("POST /x " + host + ":" + port() + " {}");
    }

    @Test
    void answer_of_any_length_is_left_unread() throws Exception {
        Answering endless = Answering.with("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "x".repeat(1000));

        webhooks(Set.of("hooks.test"), loopback()).post(endless.url(), Map.of(), "{}");

        endless.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nX: ", "X"})
    void exchange_has_a_limit_however_little_comes_at_a_time(String beginning) throws Exception {
        Answering slow = Answering.with(beginning, beginning.length() > 20 ? beginning : "x");
        GuardedWebhooks webhooks = new GuardedWebhooks(
                new WebhookGuard(false, Set.of("hooks.test"), loopback()), SSLContext.getDefault(), SECOND);

        assertThatThrownBy(() -> webhooks.post(slow.url(), Map.of(), "{}"))
                .hasMessage("The webhook did not answer within 1 seconds");
        slow.awaitEnd();
    }

    @Test
    void certificate_must_be_that_of_the_name_in_the_url(@TempDir Path directory) throws Exception {
        KeyStore keys = selfSigned(directory, "hooks.test");
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context));
        secure.createContext("/", exchange -> {
            posted.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        secure.start();
        try {
            GuardedWebhooks webhooks = new GuardedWebhooks(
                    new WebhookGuard(false, Set.of("hooks.test", "other.test"), loopback()),
                    context,
                    SECOND.plus(SECOND));
            String rest = ":" + secure.getAddress().getPort() + "/x";

            webhooks.post("https://hooks.test" + rest, Map.of(), "{}");
            assertThatThrownBy(() -> webhooks.post("https://other.test" + rest, Map.of(), "{}"))
                    .hasMessageContaining("cannot be reached");

            assertThat(posted).containsExactly("hooks.test" + rest.replace("/x", ""));
        } finally {
            secure.stop(0);
        }
    }

    private static KeyStore selfSigned(Path directory, String host) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=Test",
                        "-ext",
                        "san=dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    /** A server that answers one connection with a beginning, and goes on with something else until it is left. */
    private record Answering(ServerSocket socket, CompletableFuture<Void> end) {

        static Answering with(String beginning, String rest) throws IOException {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            return new Answering(socket, CompletableFuture.runAsync(() -> {
                try (socket;
                        Socket client = socket.accept()) {
                    client.getInputStream().readNBytes(20);
                    client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        client.getOutputStream().write(rest.getBytes(StandardCharsets.US_ASCII));
                        LockSupport.parkNanos(10_000_000);
                    }
                } catch (IOException e) {
                    // It was left.
                }
            }));
        }

        String url() {
            return "http://hooks.test:" + socket.getLocalPort() + "/x";
        }

        void awaitEnd() throws Exception {
            end.get(10, TimeUnit.SECONDS);
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
