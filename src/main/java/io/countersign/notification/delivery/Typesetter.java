package io.countersign.notification.delivery;

import io.countersign.notification.Message.Fact;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Sets letters by the templates under {@code templates/mail}. */
@Component
class Typesetter {

    /** A mail with more fields than this helps nobody; the page that it leads to has them all. */
    private static final int MAX_FIELDS = 200;

    private final ITemplateEngine templates;

    Typesetter(ITemplateEngine templates) {
        this.templates = templates;
    }

    String html(Letter letter) {
        return templates.process("mail/letter", context(shortened(letter)));
    }

    /** The text template escapes nothing, so what people typed is made harmless before. */
    String text(Letter letter) {
        Letter harmless = shortened(letter);
        harmless = new Letter(
                PlainText.subject(harmless.subject()),
                PlainText.line(harmless.headline()),
                harmless(harmless.facts()),
                harmless(harmless.content()),
                harmless.changes().stream()
                        .map(change -> new RequestSummary.Difference(
                                PlainText.line(change.field()),
                                PlainText.line(change.before()),
                                PlainText.line(change.after())))
                        .toList(),
                harmless.buttons(),
                PlainText.line(harmless.footnote()));
        return templates.process("mail/letter.txt", context(harmless));
    }

    private static List<Fact> harmless(List<Fact> facts) {
        return facts.stream()
                .map(fact -> new Fact(PlainText.line(fact.label()), PlainText.block(fact.value())))
                .toList();
    }

    private static Letter shortened(Letter letter) {
        if (letter.content().size() <= MAX_FIELDS && letter.changes().size() <= MAX_FIELDS) {
            return letter;
        }
        return new Letter(
                letter.subject(),
                letter.headline(),
                letter.facts(),
                letter.content().stream().limit(MAX_FIELDS).toList(),
                letter.changes().stream().limit(MAX_FIELDS).toList(),
                letter.buttons(),
                "This mail shows the first " + MAX_FIELDS + " fields only; the page shows them all. "
                        + letter.footnote());
    }

    private static Context context(Letter letter) {
        Context context = new Context(Locale.ENGLISH);
        context.setVariable("letter", letter);
        return context;
    }
}
