package io.countersign.change;

import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a change ended, for the people concerned: those who requested it and the owners of its scope.
 *
 * @param key the idempotency key of the message
 * @param topic the topic it belongs to
 * @param scope the scope of the change
 * @param asked whether a person requested it
 * @param subject the message's subject
 * @param headline one sentence that says what happened
 * @param facts further details
 * @param reason why it ended this way, if there is anything to say
 * @param link where to find more
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
     * Where to find more.
     *
     * @param label what is there
     * @param path the path on this server
     */
    public record Link(String label, String path) {}
}
