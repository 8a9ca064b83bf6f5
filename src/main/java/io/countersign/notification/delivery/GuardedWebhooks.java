package io.countersign.notification.delivery;

import io.countersign.notification.Webhooks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** Posts over HTTP, past the guard. */
@Component
class GuardedWebhooks implements Webhooks {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final WebhookGuard guard;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    GuardedWebhooks(WebhookGuard guard) {
        this.guard = guard;
    }

    @Override
    public Optional<String> objection(String url) {
        return guard.objection(url);
    }

    @Override
    public void post(String url, Map<String, String> headers, String body) {
        guard.objection(url).ifPresent(rule -> {
            throw new IllegalStateException("The webhook's URL " + rule);
        });
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        int status = send(request.build());
        if (status / 100 != 2) {
            throw new IllegalStateException("The webhook answered with status " + status);
        }
    }

    /** The whole exchange has a limit, body included: a slow answer must not hold the job's thread. */
    private int send(HttpRequest request) {
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
}
