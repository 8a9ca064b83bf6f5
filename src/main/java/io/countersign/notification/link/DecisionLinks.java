package io.countersign.notification.link;

import io.countersign.api.secret.RandomToken;
import io.countersign.api.secret.Sha256;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The single-use links in mails that ask for a decision. Only a token's hash is stored. */
@Component
@Transactional
public class DecisionLinks {

    private final JdbcClient jdbc;
    private final Clock clock;

    DecisionLinks(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Makes the links of delivery attempts. They work before the mails leave, so that no reader is faster than the
     * commit of the sending transaction.
     *
     * @param questions mails that ask for a decision
     * @return a new token for each delivery and decision
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public Map<UUID, Map<DecisionKind, String>> issue(Collection<Question> questions) {
        Map<UUID, Map<DecisionKind, String>> issued = new HashMap<>();
        List<NewLink> links = new ArrayList<>();
        for (Question question : questions) {
            Map<DecisionKind, String> tokens = new EnumMap<>(DecisionKind.class);
            for (DecisionKind decision : DecisionKind.values()) {
                String token = RandomToken.next();
                tokens.put(decision, token);
                links.add(new NewLink(Sha256.of(token), question, decision));
            }
            issued.put(question.delivery(), tokens);
        }
        insert(links);
        return issued;
    }

    /**
     * A mail that asks a person to decide.
     *
     * @param delivery the delivery
     * @param approval the request
     * @param stageOrder the stage to decide
     * @param user the person asked
     */
    public record Question(UUID delivery, ApprovalId approval, int stageOrder, UserId user) {}

    private record NewLink(String hash, Question question, DecisionKind decision) {}

    private void insert(List<NewLink> links) {
        jdbc.sql("""
                        insert into decision_links
                            (token_hash, delivery_id, approval_id, stage_order, user_id, decision, created_at)
                        select link.*, ?
                        from unnest(?::text[], ?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::text[]) as link""")
                .params(
                        Timestamp.from(clock.instant()),
                        links.stream().map(NewLink::hash).toArray(String[]::new),
                        links.stream().map(link -> link.question().delivery()).toArray(UUID[]::new),
                        links.stream()
                                .map(link -> link.question().approval().value())
                                .toArray(UUID[]::new),
                        links.stream().map(link -> link.question().stageOrder()).toArray(Integer[]::new),
                        links.stream()
                                .map(link -> link.question().user().value())
                                .toArray(String[]::new),
                        links.stream().map(link -> link.decision().wireName()).toArray(String[]::new))
                .update();
    }

    /** Revokes the links of a refused attempt. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void withdraw(UUID delivery, Instant since) {
        jdbc.sql("delete from decision_links where delivery_id = ? and created_at >= ?")
                .params(delivery, Timestamp.from(since))
                .update();
    }

    /**
     * @param token the token from a link
     * @return its meaning, used or not; empty if no such link was ever mailed
     */
    @Transactional(readOnly = true)
    public Optional<DecisionLink> find(String token) {
        return jdbc.sql("select * from decision_links where token_hash = ?")
                .param(Sha256.of(token))
                .query((row, n) -> new DecisionLink(
                        new ApprovalId(row.getObject("approval_id", UUID.class)),
                        row.getInt("stage_order"),
                        new UserId(row.getString("user_id")),
                        DecisionKind.find(row.getString("decision")).orElseThrow(),
                        row.getTimestamp("used_at") != null))
                .optional();
    }

    /**
     * Records that a person used a link, which ends all their links for the stage. The recorded decision alone would
     * end them too.
     */
    public void markUsed(DecisionLink link) {
        jdbc.sql("""
                        update decision_links set used_at = ?
                        where approval_id = ? and stage_order = ? and user_id = ? and used_at is null""")
                .params(
                        Timestamp.from(clock.instant()),
                        link.approval().value(),
                        link.stageOrder(),
                        link.user().value())
                .update();
    }
}
