package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.attack.Log;
import io.countersign.attack.Visitor;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.UserId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Open pages learn what waits for their reader, and keep nobody else waiting. */
class InboxEventsTest extends ServerTest {

    private static final int MOST = 8;

    /** How long Tomcat waits for a reader that takes nothing in. */
    private static final Duration WRITES_WAIT = Duration.ofSeconds(20);

    private final List<Page> pages = new ArrayList<>();

    @Autowired
    private InboxEvents events;

    @AfterEach
    void leaveAllPages() {
        pages.forEach(Page::leave);
        if (!events.isRunning()) {
            events.start();
        }
    }

    @Test
    void page_is_told_what_waits_when_it_opens_and_when_that_changes() throws Exception {
        Org org = given.organization();
        Page page = open(signedIn(org.owner()));

        assertThat(page.header("content-type")).isEqualTo("text/event-stream");
        assertThat(page.header("cache-control")).isEqualTo("no-store");
        assertThat(page.header("x-accel-buffering")).isEqualTo("no");
        assertThat(page.line()).isEqualTo("event:inbox");
        assertThat(page.line()).startsWith("data:{\"count\":0,\"text\":\"0\",\"version\":\"");
        assertThat(page.line()).isEqualTo("retry:3000");
        assertThat(page.line()).isEmpty();

        given.request(ClusterRequests.TYPE, org.scope(), org.admin(), new ClusterRequests().defaultPolicy());

        page.readTo("data:{\"count\":1,\"text\":\"1\",\"version\":\"");
    }

    @Test
    void ninth_page_of_a_person_is_told_nothing_until_another_is_left() throws Exception {
        UserId person = new UserId(given.organization().owner());
        Visitor browser = signedIn(person.value());
        for (int i = 0; i < MOST; i++) {
            assertThat(open(browser).status()).isEqualTo(200);
        }

        assertThat(open(browser).status()).isEqualTo(204);
        assertThat(open(signedIn(given.organization().owner())).status()).isEqualTo(200);

        List<String> log = Log.of(() -> {
            pages.get(0).leave();
            await().until(() -> {
                events.send(person, SseEmitter.event().comment("still here"));
                return open(browser).status() == 200;
            });
        });
        assertThat(log).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void page_that_takes_nothing_in_keeps_neither_others_nor_the_stop_waiting() throws Exception {
        UserId slow = new UserId(given.organization().owner());
        UserId quick = new UserId(given.organization().owner());
        open(signedIn(slow.value()));
        Page page = open(signedIn(quick.value()));
        String much = "x".repeat(4_000_000);
        long before = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            events.send(slow, SseEmitter.event().comment(much));
        }

        events.send(quick, SseEmitter.event().comment("meanwhile"));
        page.readTo(":meanwhile");
        events.stop();

        page.readToEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(WRITES_WAIT);
    }

    @Test
    void server_that_stops_ends_every_stream_without_a_word_even_of_sessions_that_are_over() throws Exception {
        Visitor browser = signedIn(given.organization().owner());
        Page page = open(browser);
        browser.submit("/settings/profile", "/logout", Map.of()).expect(302);

        List<String> log = Log.of(() -> {
            events.stop();
            page.readToEnd();
        });

        assertThat(log).noneMatch(line -> line.contains("Exception"));
        assertThat(open(signedIn(given.organization().owner())).status()).isEqualTo(204);
    }

    @Test
    void page_whose_reader_has_signed_out_asks_no_more() throws Exception {
        Visitor browser = signedIn(given.organization().owner());
        browser.submit("/settings/profile", "/logout", Map.of()).expect(302);

        assertThat(open(browser).status()).isEqualTo(204);
    }

    private static Visitor signedIn(String person) {
        Visitor browser = new Visitor(server());
        browser.signIn(person);
        return browser;
    }

    private Page open(Visitor browser) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server() + "/inbox/events"))
                .header("Cookie", Visitor.SESSION + "=" + browser.cookie(Visitor.SESSION))
                .build();
        Page page = new Page(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream()));
        pages.add(page);
        return page;
    }

    /** A page that is open, and reads only what it is told to read. */
    private static final class Page {

        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        Page(HttpResponse<InputStream> answer) {
            this.answer = answer;
            this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        int status() {
            return answer.statusCode();
        }

        String header(String name) {
            return answer.headers().firstValue(name).orElse("");
        }

        String line() {
            return CompletableFuture.supplyAsync(() -> {
                        try {
                            return lines.readLine();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
        }

        void readTo(String beginning) {
            String line = line();
            while (!line.startsWith(beginning)) {
                line = line();
            }
        }

        void readToEnd() {
            while (line() != null) {
                // What was said before is of no interest.
            }
        }

        void leave() {
            try {
                answer.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
