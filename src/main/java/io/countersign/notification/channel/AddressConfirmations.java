package io.countersign.notification.channel;

import io.countersign.api.secret.RandomToken;
import io.countersign.api.secret.Sha256;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The mailed links that confirm an address. Only a token's hash is stored. */
@Component
@Transactional
public class AddressConfirmations {

    /** How long a link works. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ChannelStore channels;

    AddressConfirmations(JdbcClient jdbc, Clock clock, ChannelStore channels) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.channels = channels;
    }

    /**
     * Makes the link for a delivery attempt. It is valid before the mail leaves, so that no reader is faster than the
     * commit of the sending transaction.
     *
     * @return a new token that works for 7 days
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public String issue(UUID delivery, ChannelId channel) {
        String token = RandomToken.next();
        Instant now = clock.instant();
        jdbc.sql("""
                        insert into channel_confirmations (token_hash, delivery_id, channel_id, created_at, expires_at)
                        values (?, ?, ?, ?, ?)""")
                .params(
                        Sha256.of(token),
                        delivery,
                        channel.value(),
                        Timestamp.from(now),
                        Timestamp.from(now.plus(LIFETIME)))
                .update();
        return token;
    }

    /** Revokes the link of a refused attempt. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void withdraw(UUID delivery, Instant since) {
        jdbc.sql("delete from channel_confirmations where delivery_id = ? and created_at >= ?")
                .params(delivery, Timestamp.from(since))
                .update();
    }

    /**
     * @param token the token from a link
     * @return the channel it confirms; empty if it is unknown, has expired, or its channel is gone
     */
    public Optional<Channel> find(String token) {
        return jdbc.sql("select channel_id from channel_confirmations where token_hash = ? and expires_at > ?")
                .params(Sha256.of(token), Timestamp.from(clock.instant()))
                .query(UUID.class)
                .optional()
                .flatMap(id -> channels.find(new ChannelId(id)));
    }

    /** Confirms an address for all of its owner's channels to it, and revokes the remaining links. */
    public void confirm(Channel channel) {
        channels.confirm(channel.user(), channel.target(), clock.instant());
        jdbc.sql("""
                        delete from channel_confirmations where channel_id in (
                            select id from notification_channels
                            where user_id = ? and kind = 'email' and lower(target) = lower(?))""").params(channel.user().value(), channel.target()).update();
    }

    /** Deletes expired links. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetExpired() {
        jdbc.sql("delete from channel_confirmations where expires_at <= ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
