package io.countersign.notification.content;

import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import java.util.List;

/**
 * A complete message to one channel, including its links: created on sending, never stored.
 *
 * @param subject the mail's subject
 * @param headline one sentence that says what happened
 * @param facts further facts
 * @param content every field of a request; empty if it is not about one
 * @param changes the request's changes; empty if there is no request or nothing existing changes
 * @param buttons the reader's actions
 * @param footnote why they got this, and what the buttons require
 * @param parts what a digest contains, each a message without a footnote; empty for a single notice
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

    /** A message with a single notice. */
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

    /** A button's effect, which determines its colour. */
    public enum Style {
        APPROVE,
        REJECT,
        OPEN
    }

    /** A link that asks to be followed. */
    public record Button(String label, String url, Style style) {}

    /** @return a message for sending */
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

    /** @return one digest of several messages; those that ask for something should come first */
    public static OutgoingMessage digest(String subject, List<OutgoingMessage> parts, String footnote) {
        return new OutgoingMessage(subject, subject + ".", List.of(), List.of(), List.of(), List.of(), footnote, parts);
    }
}
