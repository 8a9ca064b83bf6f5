package io.countersign.notification.content;

import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import java.util.List;

/**
 * What goes out to one channel, complete with its links: made when it is sent, kept nowhere.
 *
 * @param subject the mail's subject
 * @param headline one sentence that says what happened
 * @param facts what else is worth knowing
 * @param content every field of a request; empty if it is not about one
 * @param changes what a request would change; empty if it is not about one or changes nothing that exists
 * @param buttons what the reader can do
 * @param footnote why they got this, and what the buttons need
 * @param parts what it sums up, each a letter without a footnote; empty if it tells one thing
 */
public record OutgoingMessage(
        String subject,
        String headline,
        List<Fact> facts,
        List<Fact> content,
        List<RequestSummary.Difference> changes,
        List<Button> buttons,
        String footnote,
        List<OutgoingMessage> parts) {

    /** A letter that tells one thing. */
    public OutgoingMessage(
            String subject,
            String headline,
            List<Fact> facts,
            List<Fact> content,
            List<RequestSummary.Difference> changes,
            List<Button> buttons,
            String footnote) {
        this(subject, headline, facts, content, changes, buttons, footnote, List.of());
    }

    /** What a button does, which gives its colour. */
    public enum Style {
        APPROVE,
        REJECT,
        OPEN
    }

    /** A link that asks to be followed. */
    public record Button(String label, String url, Style style) {}

    /** @return a message as a letter */
    public static OutgoingMessage of(Message message, String footnote) {
        return new OutgoingMessage(
                message.subject(),
                message.headline(),
                message.facts(),
                List.of(),
                List.of(),
                message.link()
                        .map(link -> List.of(new Button(link.label(), link.url(), Style.OPEN)))
                        .orElse(List.of()),
                footnote);
    }

    /** @return one letter that tells all of several; those that ask for something should come first */
    public static OutgoingMessage digest(String subject, List<OutgoingMessage> parts, String footnote) {
        return new OutgoingMessage(subject, subject + ".", List.of(), List.of(), List.of(), List.of(), footnote, parts);
    }
}
