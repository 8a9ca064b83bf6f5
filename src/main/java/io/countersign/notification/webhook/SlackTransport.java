package io.countersign.notification.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.content.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Posts messages to incoming webhooks of Slack, or of any service that accepts the same JSON. */
@Component
public class SlackTransport {

    /** Slack refuses section texts of more than 3000 characters and headers of more than 150. */
    private static final int MAX_TEXT = 2900;

    private static final int MAX_HEADER = 150;

    private final ObjectMapper json;
    private final Webhooks webhooks;

    SlackTransport(ObjectMapper json, Webhooks webhooks) {
        this.json = json;
        this.webhooks = webhooks;
    }

    /**
     * Posts a message.
     *
     * @param webhook the URL; failure messages omit it, because it is a secret
     * @throws IllegalStateException if the guard objects or the receiver does not accept it
     */
    public void send(String webhook, OutgoingMessage letter) {
        webhooks.post(webhook, Map.of(), payload(letter));
    }

    /** @return the JSON to post */
    String payload(OutgoingMessage letter) {
        String facts = Stream.concat(
                        letter.facts().stream(),
                        letter.changes().isEmpty()
                                ? letter.content().stream()
                                : letter.changes().stream()
                                        .map(change ->
                                                new Fact(change.field(), change.before() + " → " + change.after())))
                .map(fact -> "*" + escape(SafeText.line(fact.label())) + ":* " + escape(fact.value()))
                .collect(Collectors.joining("\n"));
        String links = letter.buttons().stream()
                .map(button -> "<" + button.url() + "|" + escape(button.label()) + ">")
                .collect(Collectors.joining("   "));
        List<Object> blocks = new ArrayList<>();
        blocks.add(Map.of(
                "type",
                "header",
                "text",
                Map.of("type", "plain_text", "text", cut(SafeText.line(letter.subject()), MAX_HEADER))));
        blocks.add(section(escape(SafeText.line(letter.headline()))));
        if (!facts.isEmpty()) {
            blocks.add(section(facts));
        }
        if (!links.isEmpty()) {
            blocks.add(section(links));
        }
        try {
            return json.writeValueAsString(Map.of("text", escape(SafeText.line(letter.headline())), "blocks", blocks));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The message cannot be written as JSON", e);
        }
    }

    private static Map<String, Object> section(String markdown) {
        return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", cut(markdown, MAX_TEXT)));
    }

    /** Slack's own rule: escape these three, and nothing else. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
