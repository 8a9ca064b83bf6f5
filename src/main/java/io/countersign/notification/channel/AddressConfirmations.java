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

/** The mailed links by which people show that an address is theirs. Only a token's hash is stored. */
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
     * Makes the link of an attempt to deliver. It works before the mail leaves, so that nobody is faster than the
     * commit of the transaction that sends it.
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

    /** Takes back the link of an attempt that was refused. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void withdraw(UUID delivery, Instant since) {
        jdbc.sql("delete from channel_confirmations where delivery_id = ? and created_at >= ?")
                .params(delivery, Timestamp.from(since))
                .update();
    }

    /**
     * @param token what a link carries
     * @return the channel it confirms; empty if it is unknown, has expired, or its channel is gone
     */
    public Optional<Channel> find(String token) {
        return jdbc.sql("select channel_id from channel_confirmations where token_hash = ? and expires_at > ?")
                .params(Sha256.of(token), Timestamp.from(clock.instant()))
                .query(UUID.class)
                .optional()
                .flatMap(id -> channels.find(new ChannelId(id)));
    }

    /** Notes that a channel's address is its owner's, for all their channels to it, and ends all links that say so. */
    public void confirm(Channel channel) {
        channels.confirm(channel.user(), channel.target(), clock.instant());
        jdbc.sql("""
                        delete from channel_confirmations where channel_id in (
                            select id from notification_channels
                            where user_id = ? and kind = 'email' and lower(target) = lower(?))""").params(channel.user().value(), channel.target()).update();
    }

    /** Forgets links that no longer work. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetExpired() {
        jdbc.sql("delete from channel_confirmations where expires_at <= ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
