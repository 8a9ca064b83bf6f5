package io.countersign.notification;

import java.util.List;
import java.util.Optional;

/**
 * What people are told, in a form that suits mail and Slack. Texts may hold anything that people typed: they are
 * escaped where they are rendered. Must hold no secret, as messages are stored.
 *
 * @param subject the mail's subject
 * @param headline one sentence that says what happened
 * @param facts what else is worth knowing, in order
 * @param link where to look or to act, if anywhere
 */
public record Message(String subject, String headline, List<Fact> facts, Optional<Link> link) {

    /** Copies the list. */
    public Message {
        facts = List.copyOf(facts);
    }

    /**
     * One thing worth knowing.
     *
     * @param label what it is, such as {@code Reason}
     * @param value what is said of it; may have several lines; a dash is shown for null
     */
    public record Fact(String label, String value) {

        /** Puts a dash where nothing is known. */
        public Fact {
            value = value == null ? "—" : value;
        }
    }

    /**
     * Where to look or to act.
     *
     * @param label what one finds there, such as {@code Open the request}
     * @param url an absolute URL of this server
     */
    public record Link(String label, String url) {}
}
