package io.countersign.notification.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Posts through the guard, which resolves every host name for the client, so a request goes only to an address that the
 * guard checked. Follows no redirects, uses no proxy, retries nothing, and reads only the head of the response.
 */
@Component
class GuardedWebhooks implements Webhooks {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_LINE = 1000;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_CONNECTIONS = 100;
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]*");

    private final WebhookGuard guard;
    private final Duration timeout;
    private final CloseableHttpClient http;

    @Autowired
    GuardedWebhooks(WebhookGuard guard) {
        this(guard, SSLContexts.createSystemDefault(), TIMEOUT);
    }

    GuardedWebhooks(WebhookGuard guard, SSLContext trust, Duration timeout) {
        this.guard = guard;
        this.timeout = timeout;
        SystemDefaultDnsResolver resolver = new SystemDefaultDnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return guard.addressesOf(host);
            }
        };
        Http1Config bounds = Http1Config.custom()
                .setMaxLineLength(MAX_LINE)
                .setMaxHeaderCount(MAX_HEADERS)
                .build();
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(resolver)
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(bounds)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                                .build())
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setProtocolUpgradeEnabled(false).build())
                .setUserAgent("Countersign")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
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
        HttpPost request = new HttpPost(URI.create(URI.create(url).toASCIIString()));
        headers.forEach((name, value) -> {
            if (!HEADER.matcher(name + value).matches()) {
                throw new IllegalArgumentException("A header must be one line of ASCII: " + name);
            }
            request.setHeader(name, value);
        });
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        int status = send(request);
        if (status / 100 != 2) {
            throw new IllegalStateException("The webhook answered with status " + status);
        }
    }

    /** The whole exchange is limited, handshake included: a slow receiver must not occupy the job's thread. */
    private int send(HttpPost request) {
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                request::cancel, CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
        try {
            return http.executeOpen(null, request, null).getCode();
        } catch (IOException e) {
            throw new IllegalStateException(
                    request.isCancelled()
                            ? "The webhook did not answer within " + timeout.toSeconds() + " seconds"
                            : "The webhook cannot be reached: " + e.getClass().getSimpleName());
        } finally {
            end.cancel(false);
            // Closes the connection without reading the rest of the response.
            request.cancel();
        }
    }
}
