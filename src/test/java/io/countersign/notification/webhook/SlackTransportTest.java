package io.countersign.notification.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.content.OutgoingMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlackTransportTest {

    private final ObjectMapper json = new ObjectMapper();
    private final SlackTransport slack =
            new SlackTransport(json, new GuardedWebhooks(new WebhookGuard(true, Set.of())));
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posted.add(exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void posts_text_and_blocks_with_what_people_typed_escaped() throws Exception {
        slack.send(url(), letter("<!channel> & \"friends\"\nline two"));

        assertThat(posted).hasSize(1);
        JsonNode body = json.readTree(posted.get(0).substring(posted.get(0).indexOf(' ')));
        assertThat(body.get("text").asText()).isEqualTo("&lt;!channel&gt; &amp; \"friends\" line two");
        assertThat(body.at("/blocks/0/type").asText()).isEqualTo("header");
        assertThat(body.at("/blocks/2/text/text").asText())
                .isEqualTo("*Reason:* &lt;!channel&gt; &amp; \"friends\"\nline two");
        assertThat(body.at("/blocks/3/text/text").asText()).isEqualTo("<https://example.com/approvals/1|Open>");
    }

    @Test
    void long_texts_are_cut_to_what_slack_takes() throws Exception {
        JsonNode body = json.readTree(slack.payload(letter("x".repeat(10_000))));

        body.get("blocks")
                .forEach(block -> assertThat(block.at("/text/text").asText()).hasSizeLessThanOrEqualTo(3000));
        assertThat(body.at("/blocks/0/text/text").asText()).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void refusal_fails_without_naming_the_secret_url() {
        status = 404;

        assertThatThrownBy(() -> slack.send(url(), letter("x")))
                .hasMessageContaining("404")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void redirects_are_not_followed() {
        status = 302;

        assertThatThrownBy(() -> slack.send(url(), letter("x"))).hasMessageContaining("302");
        assertThat(posted).hasSize(1);
    }

    @Test
    void unreachable_host_fails_without_naming_the_secret_url() {
        String url = url();
        server.stop(0);

        assertThatThrownBy(() -> slack.send(url, letter("x")))
                .hasMessageContaining("cannot be reached")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void guard_is_asked_again_right_before_posting() {
        SlackTransport guarded = new SlackTransport(json, new GuardedWebhooks(new WebhookGuard(false, Set.of())));

        assertThatThrownBy(() -> guarded.send("https://127.0.0.1/s3cret", letter("x")))
                .hasMessageContaining("private network")
                .hasMessageNotContaining("s3cret");
        assertThat(posted).isEmpty();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/s3cret";
    }

    private static OutgoingMessage letter(String text) {
        return new OutgoingMessage(
                text,
                text,
                List.of(new Fact("Reason", text)),
                List.of(),
                List.of(),
                List.of(new OutgoingMessage.Button(
                        "Open", "https://example.com/approvals/1", OutgoingMessage.Style.OPEN)),
                "Footnote");
    }
}
