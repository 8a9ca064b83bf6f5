package io.countersign.identity.people;

import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Knows who created which account. The creator of an account, or of a link that sets its password, may also be its
 * user: one person with two accounts must not count as two.
 */
@Component
@Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
public class AccountMakers {

    private final JdbcClient jdbc;

    AccountMakers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How an account was created, or how it got its current password.
     *
     * @param by the superadmin who created it
     * @param at the time of creation
     */
    public record Made(UserId by, Instant at) {}

    /**
     * @param from the earliest relevant time
     * @return the accounts created since then, by name
     */
    public Map<UserId, Made> since(Instant from) {
        Map<UserId, Made> made = new HashMap<>();
        jdbc.sql("select id, made_by, made_at from users where made_by is not null and made_at >= ?")
                .param(Timestamp.from(from))
                .query(row -> {
                    made.put(
                            new UserId(row.getString("id")),
                            new Made(
                                    new UserId(row.getString("made_by")),
                                    row.getTimestamp("made_at").toInstant()));
                });
        return made;
    }
}
