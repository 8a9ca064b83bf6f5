package io.countersign.notification.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.notification.Message.Fact;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Posts letters to incoming webhooks of Slack, or of anything that takes the same JSON. */
@Component
class SlackTransport {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    /** Slack refuses section texts of more than 3000 characters and headers of more than 150. */
    private static final int MAX_TEXT = 2900;

    private static final int MAX_HEADER = 150;

    private final ObjectMapper json;
    private final WebhookGuard guard;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    SlackTransport(ObjectMapper json, WebhookGuard guard) {
        this.json = json;
        this.guard = guard;
    }

    /**
     * Posts a letter.
     *
     * @param webhook the URL, which no failure's text names, as it is a secret
     * @throws IllegalStateException if the guard objects or the other side does not take it
     */
    void send(String webhook, Letter letter) {
        guard.objection(webhook).ifPresent(rule -> {
            throw new IllegalStateException("The webhook's URL " + rule);
        });
        HttpRequest request = HttpRequest.newBuilder(URI.create(webhook))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(payload(letter)))
                .build();
        int status = post(request);
        if (status / 100 != 2) {
            throw new IllegalStateException("The webhook answered with status " + status);
        }
    }

    /** @return the JSON to post */
    String payload(Letter letter) {
        String facts = Stream.concat(
                        letter.facts().stream(),
                        letter.changes().isEmpty()
                                ? letter.content().stream()
                                : letter.changes().stream()
                                        .map(change ->
                                                new Fact(change.field(), change.before() + " → " + change.after())))
                .map(fact -> "*" + escape(PlainText.line(fact.label())) + ":* " + escape(fact.value()))
                .collect(Collectors.joining("\n"));
        String links = letter.buttons().stream()
                .map(button -> "<" + button.url() + "|" + escape(button.label()) + ">")
                .collect(Collectors.joining("   "));
        List<Object> blocks = new ArrayList<>();
        blocks.add(Map.of(
                "type",
                "header",
                "text",
                Map.of("type", "plain_text", "text", cut(PlainText.line(letter.subject()), MAX_HEADER))));
        blocks.add(section(escape(PlainText.line(letter.headline()))));
        if (!facts.isEmpty()) {
            blocks.add(section(facts));
        }
        if (!links.isEmpty()) {
            blocks.add(section(links));
        }
        try {
            return json.writeValueAsString(Map.of("text", escape(PlainText.line(letter.headline())), "blocks", blocks));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The message cannot be written as JSON", e);
        }
    }

    /** The whole exchange has a limit, body included: a slow answer must not hold the job's thread. */
    private int post(HttpRequest request) {
        CompletableFuture<HttpResponse<Void>> exchange =
                http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return exchange.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).statusCode();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "The webhook cannot be reached: " + e.getCause().getClass().getSimpleName());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new IllegalStateException("The webhook did not answer within " + TIMEOUT.toSeconds() + " seconds");
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while posting to the webhook");
        }
    }

    private static Map<String, Object> section(String markdown) {
        return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", cut(markdown, MAX_TEXT)));
    }

    /** Slack's own rule: these three, and nothing else. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
