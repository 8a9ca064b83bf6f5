package io.countersign.tenant.notice;

import io.countersign.notification.Webhooks;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Signs what is posted to orchestrators: HMAC-SHA256, with the orchestrator's own signing key, of the time, a dot and
 * the body. So a receiver can tell our words from others', and an old message from a new one.
 */
@Component
class SignedWebhooks {

    private static final String ALGORITHM = "HmacSHA256";

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
     * @param url where to
     * @param key the orchestrator's signing key
     * @param body JSON
     * @throws IllegalStateException if the URL breaks a rule, or the other side does not answer with 2xx in time
     */
    void post(UUID delivery, String url, String key, String body) {
        long time = clock.instant().getEpochSecond();
        webhooks.post(
                url,
                Map.of(
                        "User-Agent",
                        "Countersign",
                        "Countersign-Delivery",
                        delivery.toString(),
                        "Countersign-Signature",
                        "t=" + time + ",v1=" + signature(key, time, body)),
                body);
    }

    private static String signature(String key, long time, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256, and no key is empty", e);
        }
    }
}
