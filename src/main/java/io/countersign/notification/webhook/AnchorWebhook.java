package io.countersign.notification.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.audit.AnchorKeeper;
import io.countersign.chain.Anchor;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Posts anchors of the audit trail to a webhook that the operator configured, signed like all our webhooks. */
@Component
class AnchorWebhook implements AnchorKeeper {

    private final Webhooks webhooks;
    private final ObjectMapper json;
    private final String url;
    private final String secret;

    /**
     * @param url the webhook; empty for none
     * @param secret the signing secret
     */
    AnchorWebhook(
            Webhooks webhooks,
            ObjectMapper json,
            @Value("${countersign.audit.anchor.webhook.url}") String url,
            @Value("${countersign.audit.anchor.webhook.secret}") String secret) {
        if (!url.isEmpty() && secret.isEmpty()) {
            throw new IllegalArgumentException(
                    "countersign.audit.anchor.webhook.secret must be set beside countersign.audit.anchor.webhook.url");
        }
        this.webhooks = webhooks;
        this.json = json;
        this.url = url;
        this.secret = secret;
    }

    @Override
    public void keep(Anchor anchor, Instant at) {
        if (url.isEmpty()) {
            return;
        }
        String body = body(anchor, at);
        webhooks.post(
                url,
                Map.of("User-Agent", "Countersign", WebhookSignature.HEADER, WebhookSignature.of(secret, at, body)),
                body);
    }

    private String body(Anchor anchor, Instant at) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "audit.anchor");
        body.put("sequence", anchor.sequence());
        body.put("hash", anchor.hash());
        body.put("at", at.toString());
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An anchor is writable as JSON", e);
        }
    }
}
