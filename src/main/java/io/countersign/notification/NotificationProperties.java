package io.countersign.notification;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.notification.*}: how many mails people get.
 *
 * @param digestAfter how many mails one address gets within {@code digest-window}; further notices wait until that time
 *     has passed since the last mail, and go out together as one digest. Zero for a separate mail per notice
 * @param digestWindow how long notices are collected for a digest, a second or more
 */
@ConfigurationProperties("countersign.notification")
public record NotificationProperties(
        @DefaultValue("5") int digestAfter,
        @DefaultValue("PT1M") Duration digestWindow) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public NotificationProperties {
        if (digestAfter < 0) {
            throw new IllegalArgumentException("countersign.notification.digest-after must not be negative");
        }
        if (digestWindow.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("countersign.notification.digest-window must be a second or more");
        }
    }
}
