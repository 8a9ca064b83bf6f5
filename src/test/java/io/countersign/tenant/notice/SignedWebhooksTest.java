package io.countersign.tenant.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.notification.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SignedWebhooksTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    private record Post(String url, Map<String, String> headers, String body) {}

    private final List<Post> posts = new ArrayList<>();
    private final SignedWebhooks webhooks = new SignedWebhooks(
            new Webhooks() {

                @Override
                public Optional<String> objection(String url) {
                    return Optional.empty();
                }

                @Override
                public void post(String url, Map<String, String> headers, String body) {
                    posts.add(new Post(url, headers, body));
                }
            },
            CLOCK);

    @Test
    void receiver_can_check_the_signature_as_documented() throws Exception {
        UUID delivery = UUID.randomUUID();

        webhooks.post(delivery, "https://example.com/hook", "csw_key", "{\"a\":1}");

        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("csw_key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String expected =
                HexFormat.of().formatHex(mac.doFinal("1700000000.{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
        assertThat(posts).singleElement().satisfies(post -> {
            assertThat(post.url()).isEqualTo("https://example.com/hook");
            assertThat(post.body()).isEqualTo("{\"a\":1}");
            assertThat(post.headers())
                    .containsEntry("Countersign-Signature", "t=1700000000,v1=" + expected)
                    .containsEntry("Countersign-Delivery", delivery.toString());
        });
    }

    @Test
    void another_key_or_another_body_gives_another_signature() {
        webhooks.post(UUID.randomUUID(), "https://example.com", "csw_key", "{}");
        webhooks.post(UUID.randomUUID(), "https://example.com", "csw_other", "{}");
        webhooks.post(UUID.randomUUID(), "https://example.com", "csw_key", "[]");

        assertThat(posts)
                .extracting(post -> post.headers().get("Countersign-Signature"))
                .doesNotHaveDuplicates();
    }
}
