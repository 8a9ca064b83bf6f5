package io.countersign.notification.mail;

import io.countersign.notification.Message.Fact;
import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.content.RequestSummary;
import io.countersign.notification.content.SafeText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Renders messages with the templates under {@code templates/mail}. */
@Component
public class MailRenderer {

    /** The maximum number of fields in a mail; the linked page shows all. */
    private static final int MAX_FIELDS = 200;

    /** The same maximum for each of several requests in one mail. */
    private static final int MAX_FIELDS_OF_PART = 30;

    private static final String PART_RULE = "----------------------------------------\n\n";

    private final ITemplateEngine templates;

    MailRenderer(ITemplateEngine templates) {
        this.templates = templates;
    }

    String html(OutgoingMessage letter) {
        return templates.process("mail/letter", context(shortened(letter)));
    }

    /** The text template escapes nothing, so user input is sanitized first. */
    String text(OutgoingMessage letter) {
        OutgoingMessage harmless = harmless(shortened(letter));
        return Stream.concat(Stream.of(harmless), harmless.parts().stream())
                .map(part -> templates.process("mail/letter.txt", context(part)))
                .collect(Collectors.joining(PART_RULE, "", "--\n" + harmless.footnote() + "\n"));
    }

    private static OutgoingMessage harmless(OutgoingMessage letter) {
        return new OutgoingMessage(
                SafeText.subject(letter.subject()),
                SafeText.line(letter.headline()),
                harmless(letter.facts()),
                harmless(letter.content()),
                letter.changes().stream()
                        .map(change -> new RequestSummary.Difference(
                                SafeText.line(change.field()),
                                SafeText.line(change.before()),
                                SafeText.line(change.after())))
                        .toList(),
                letter.buttons(),
                SafeText.line(letter.footnote()),
                letter.parts().stream().map(MailRenderer::harmless).toList());
    }

    private static List<Fact> harmless(List<Fact> facts) {
        return facts.stream()
                .map(fact -> new Fact(SafeText.line(fact.label()), SafeText.block(fact.value())))
                .toList();
    }

    private static OutgoingMessage shortened(OutgoingMessage letter) {
        int max = letter.parts().isEmpty() ? MAX_FIELDS : MAX_FIELDS_OF_PART;
        List<OutgoingMessage> parts =
                letter.parts().stream().map(part -> shortened(part, max)).toList();
        OutgoingMessage shortened = shortened(letter, max);
        String note = shortened.equals(letter) && parts.equals(letter.parts())
                ? ""
                : "This mail shows the first " + max + " fields " + (parts.isEmpty() ? "" : "of a request ")
                        + "only; the page shows them all. ";
        return new OutgoingMessage(
                letter.subject(),
                letter.headline(),
                letter.facts(),
                shortened.content(),
                shortened.changes(),
                letter.buttons(),
                note + letter.footnote(),
                parts);
    }

    private static OutgoingMessage shortened(OutgoingMessage letter, int max) {
        return letter.content().size() <= max && letter.changes().size() <= max
                ? letter
                : new OutgoingMessage(
                        letter.subject(),
                        letter.headline(),
                        letter.facts(),
                        letter.content().stream().limit(max).toList(),
                        letter.changes().stream().limit(max).toList(),
                        letter.buttons(),
                        letter.footnote());
    }

    private static Context context(OutgoingMessage letter) {
        Context context = new Context(Locale.ENGLISH);
        context.setVariable("letter", letter);
        return context;
    }
}
