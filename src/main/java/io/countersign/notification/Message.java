package io.countersign.notification;

import java.util.List;
import java.util.Optional;

/**
 * A notification's content, in a form that suits mail and Slack. Texts may contain user input: they are escaped when
 * rendered. Must contain no secret, because messages are stored.
 *
 * @param subject the mail's subject
 * @param headline one sentence that says what happened
 * @param facts further facts, in order
 * @param link where to read or act, if anywhere
 */
public record Message(String subject, String headline, List<Fact> facts, Optional<Link> link) {

    /** Copies the list. */
    public Message {
        facts = List.copyOf(facts);
    }

    /**
     * One fact.
     *
     * @param label its name, such as {@code Reason}
     * @param value its value; may have several lines; a dash is shown for null
     */
    public record Fact(String label, String value) {

        /** Shows a dash for an unknown value. */
        public Fact {
            value = value == null ? "—" : value;
        }
    }

    /**
     * A link to the place to read or act.
     *
     * @param label its text, such as {@code Open the request}
     * @param url an absolute URL of this server
     */
    public record Link(String label, String url) {}
}
