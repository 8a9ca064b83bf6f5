package io.countersign.notification.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.countersign.chain.Anchor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The anchor webhook against a real HTTP server, which the guard is told to allow. */
class AnchorWebhookTest {

    private static final Anchor ANCHOR = new Anchor(17, "ab".repeat(32));
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    private record Post(String signature, String body) {}

    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private int status = 204;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            posts.add(new Post(
                    exchange.getRequestHeaders().getFirst("Countersign-Signature"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void anchor_is_posted_and_signed() {
        webhook(true).keep(ANCHOR, NOW);

        assertThat(posts).singleElement().satisfies(post -> {
            assertThat(post.body())
                    .isEqualTo("{\"type\":\"audit.anchor\",\"sequence\":17,\"hash\":\"" + ANCHOR.hash()
                            + "\",\"at\":\"2025-06-01T12:00:00Z\"}");
            assertThat(post.signature()).isEqualTo(WebhookSignature.of("key", NOW, post.body()));
            assertThat(Anchor.find(post.body())).hasValue(ANCHOR);
        });
    }

    @Test
    void refusal_is_told() {
        status = 500;

        assertThatThrownBy(() -> webhook(true).keep(ANCHOR, NOW)).hasMessageContaining("500");
    }

    @Test
    void guard_stands_before_it() {
        assertThatThrownBy(() -> webhook(false).keep(ANCHOR, NOW)).hasMessageContaining("https");
        assertThat(posts).isEmpty();
    }

    @Test
    void webhook_without_a_secret_is_refused_at_the_start() {
        GuardedWebhooks webhooks = new GuardedWebhooks(new WebhookGuard(true, Set.of()));

        assertThatThrownBy(() -> new AnchorWebhook(webhooks, new ObjectMapper(), url(), ""))
                .hasMessageContaining("countersign.audit.anchor.webhook.secret");
        assertThatCode(() -> new AnchorWebhook(webhooks, new ObjectMapper(), "", "").keep(ANCHOR, NOW))
                .doesNotThrowAnyException();
    }

    private AnchorWebhook webhook(boolean allowPrivate) {
        return new AnchorWebhook(
                new GuardedWebhooks(new WebhookGuard(allowPrivate, Set.of())), new ObjectMapper(), url(), "key");
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/anchors";
    }
}
