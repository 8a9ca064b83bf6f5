package io.countersign.notification.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhook requests with the HMAC-SHA256 of the time, a dot and the body, so that a receiver can recognize forged
 * and old messages.
 */
public final class WebhookSignature {

    /** The header with the signature. */
    public static final String HEADER = "Countersign-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private WebhookSignature() {}

    /**
     * @param key the key that sender and receiver share; not empty
     * @param now the time of sending
     * @param body the posted body
     * @return the header's value, such as {@code t=1748779200,v1=5257…}
     */
    public static String of(String key, Instant now, String body) {
        long time = now.getEpochSecond();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] signature = mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=" + time + ",v1=" + HexFormat.of().formatHex(signature);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256, and no key is empty", e);
        }
    }
}
