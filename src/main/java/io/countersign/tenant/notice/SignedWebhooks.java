package io.countersign.tenant.notice;

import io.countersign.notification.webhook.WebhookSignature;
import io.countersign.notification.webhook.Webhooks;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Signs what is posted to orchestrators with the HMAC-SHA256, under the orchestrator's own signing key, of the time, a
 * dot and the body, so that a receiver can recognize forged and old messages.
 */
@Component
class SignedWebhooks {

    private final Webhooks webhooks;
    private final Clock clock;

    SignedWebhooks(Webhooks webhooks, Clock clock) {
        this.webhooks = webhooks;
        this.clock = clock;
    }

    /**
     * Posts a body.
     *
     * @param delivery the same for every repetition
     * @param url the webhook
     * @param key the orchestrator's signing key
     * @param body JSON
     * @throws IllegalStateException if the URL breaks a rule, or the receiver does not answer with 2xx in time
     */
    void post(UUID delivery, String url, String key, String body) {
        webhooks.post(
                url,
                Map.of(
                        "User-Agent",
                        "Countersign",
                        "Countersign-Delivery",
                        delivery.toString(),
                        WebhookSignature.HEADER,
                        WebhookSignature.of(key, clock.instant(), body)),
                body);
    }
}
