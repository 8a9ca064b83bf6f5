package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A browser as an attacker would use it: it keeps cookies, follows no redirect by itself, and sends what it is told,
 * also what no page offers. It comes through a proxy, from an address of its own.
 */
public final class Visitor {

    /** The name of the session's cookie. */
    public static final String SESSION = "COUNTERSIGN_SESSION";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final String server;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final List<String> always = new ArrayList<>();
    private String address = "45.%d.%d.%d".formatted(random(), random(), random());

    public Visitor(String server) {
        this.server = server;
    }

    /**
     * What the server answered.
     *
     * @param status the HTTP status
     * @param text the body
     * @param headers all of them
     */
    public record Answer(int status, String text, HttpHeaders headers) {

        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        public String location() {
            return header("location").orElseThrow();
        }

        /** @return the cookie as it was set, with its attributes */
        public String setCookie(String name) {
            return headers.allValues("set-cookie").stream()
                    .filter(cookie -> cookie.startsWith(name + "="))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No cookie " + name + " in " + headers.map()));
        }

        public Answer expect(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }
    }

    /** Comes from an address. */
    public Visitor from(String newAddress) {
        address = newAddress;
        return this;
    }

    public String address() {
        return address;
    }

    /** Comes through a proxy that ends TLS. */
    public Visitor overTls() {
        always.add("X-Forwarded-Proto");
        always.add("https");
        return this;
    }

    /** Sends a header with everything. */
    public Visitor with(String name, String value) {
        always.add(name);
        always.add(value);
        return this;
    }

    public String cookie(String name) {
        return cookies.get(name);
    }

    public Visitor setCookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, null, headers);
    }

    /** Sends a form as it is, without the token that our pages add. */
    public Answer post(String path, Map<String, String> form, String... headers) {
        return send("POST", path, "application/x-www-form-urlencoded", encode(form), headers);
    }

    /** Sends a form with the token of a page. */
    public Answer submit(String page, String path, Map<String, String> form, String... headers) {
        Map<String, String> complete = new LinkedHashMap<>(form);
        complete.put("_csrf", token(get(page)));
        return post(path, complete, headers);
    }

    public Answer signIn(String user, String password) {
        return submit("/login", "/login", Map.of("username", user, "password", password));
    }

    public Answer signIn(String user) {
        Answer answer = signIn(user, "demo").expect(302);
        assertThat(answer.location()).doesNotContain("error");
        return answer;
    }

    /** @return whether the server takes this visitor for somebody */
    public boolean signedIn() {
        return get("/settings/profile").status() == 200;
    }

    public static String token(Answer page) {
        Matcher matcher = CSRF.matcher(page.text());
        assertThat(matcher.find()).as("a form in " + page.text()).isTrue();
        return matcher.group(1);
    }

    public Answer send(String method, String path, String type, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : server + path))
                .header("X-Forwarded-For", address);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        if (!always.isEmpty()) {
            request.headers(always.toArray(String[]::new));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        request.method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return send(request.build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("set-cookie").forEach(this::keep);
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void keep(String setCookie) {
        String pair = setCookie.split(";", 2)[0];
        int equals = pair.indexOf('=');
        String value = pair.substring(equals + 1);
        if (value.isEmpty() || setCookie.contains("Max-Age=0")) {
            cookies.remove(pair.substring(0, equals));
        } else {
            cookies.put(pair.substring(0, equals), value);
        }
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static int random() {
        return ThreadLocalRandom.current().nextInt(1, 255);
    }
}
