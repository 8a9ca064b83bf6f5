package io.countersign.change;

import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a change ended, for the people concerned: those who asked for it, and the owners of its scope.
 *
 * @param key makes the message idempotent
 * @param topic what it belongs to
 * @param scope where it happened
 * @param asked whether a person asked for it
 * @param subject the message's subject
 * @param headline one sentence that says what happened
 * @param facts what else is worth knowing
 * @param reason why it ended so, if there is anything to say
 * @param link where to look
 */
public record Outcome(
        String key,
        Topic topic,
        Scope scope,
        Predicate<UserId> asked,
        String subject,
        String headline,
        List<Message.Fact> facts,
        Optional<String> reason,
        Link link) {

    /**
     * Where to look.
     *
     * @param label what one finds there
     * @param path the path on this server
     */
    public record Link(String label, String path) {}
}
