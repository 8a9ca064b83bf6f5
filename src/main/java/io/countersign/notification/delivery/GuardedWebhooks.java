package io.countersign.notification.delivery;

import io.countersign.notification.Webhooks;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.stereotype.Component;

/**
 * Posts over HTTP/1.1, past the guard. Written on sockets, because the JDK's clients resolve a name once more after it
 * was looked at: here the request goes to the address that the guard saw. It follows no redirect, uses no proxy, and
 * reads of the answer nothing but the status.
 */
@Component
class GuardedWebhooks implements Webhooks {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_STATUS_LINE = 1000;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]*");

    private final WebhookGuard guard;

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
        int status = send(URI.create(URI.create(url).toASCIIString()), headers, body.getBytes(StandardCharsets.UTF_8));
        if (status / 100 != 2) {
            throw new IllegalStateException("The webhook answered with status " + status);
        }
    }

    /** The whole exchange has a limit, handshake included: a slow answer must not hold the job's thread. */
    private int send(URI uri, Map<String, String> headers, byte[] body) {
        AtomicBoolean late = new AtomicBoolean();
        try (Socket socket = new Socket()) {
            CompletableFuture<Void> end = CompletableFuture.runAsync(
                    () -> {
                        late.set(true);
                        close(socket);
                    },
                    CompletableFuture.delayedExecutor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
            try {
                return exchange(socket, uri, headers, body);
            } finally {
                end.cancel(false);
            }
        } catch (IOException e) {
            if (late.get()) {
                throw new IllegalStateException(
                        "The webhook did not answer within " + TIMEOUT.toSeconds() + " seconds");
            }
            throw new IllegalStateException(
                    "The webhook cannot be reached: " + e.getClass().getSimpleName());
        }
    }

    private int exchange(Socket socket, URI uri, Map<String, String> headers, byte[] body) throws IOException {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        connect(socket, guard.addressOf(uri), port);
        Socket connection = secure ? encrypted(socket, host(uri), port) : socket;
        connection.getOutputStream().write(request(uri, headers, body));
        connection.getOutputStream().flush();
        return status(connection.getInputStream());
    }

    private static void connect(Socket socket, InetAddress address, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        } catch (SocketTimeoutException e) {
            throw new UnknownHostException("No connection within " + CONNECT_TIMEOUT.toSeconds() + " seconds");
        }
    }

    /** The certificate must be that of the host in the URL, whatever the address. */
    private static Socket encrypted(Socket socket, String host, int port) throws IOException {
        SSLSocket encrypted =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private static byte[] request(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", uri.getRawAuthority());
        all.put("User-Agent", "Countersign");
        all.put("Accept", "*/*");
        all.put("Content-Type", "application/json; charset=utf-8");
        all.put("Content-Length", Integer.toString(body.length));
        all.put("Connection", "close");
        all.putAll(headers);
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head = new StringBuilder("POST ").append(path);
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\n");
        all.forEach((name, value) -> {
            if (!HEADER.matcher(name + value).matches()) {
                throw new IllegalArgumentException("A header must be one line of ASCII: " + name);
            }
            head.append(name).append(": ").append(value).append("\r\n");
        });
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        return request.toByteArray();
    }

    private static int status(InputStream answer) throws IOException {
        InputStream in = new BufferedInputStream(answer);
        int status;
        do {
            Matcher line = STATUS_LINE.matcher(line(in));
            if (!line.matches()) {
                throw new IOException("That is not HTTP");
            }
            status = Integer.parseInt(line.group(1));
            if (status / 100 == 1) {
                skipHeaders(in);
            }
        } while (status / 100 == 1);
        return status;
    }

    private static void skipHeaders(InputStream in) throws IOException {
        String line;
        do {
            line = line(in);
        } while (!line.isEmpty());
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0 || line.length() == MAX_STATUS_LINE) {
                throw new IOException("The answer ended early, or never ends");
            }
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }

    /** @return the host as certificates and the TLS extension name it: an IPv6 address without its brackets */
    private static String host(URI uri) {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }
}
