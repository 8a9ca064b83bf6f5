package io.countersign.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People who send or read slowly, over raw sockets. */
class SlowConnectionsTest extends ServerTest {

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void slow_bodies_of_one_address_stop_neither_sign_in_nor_pages() throws IOException {
        String person = given.person("person");

        for (int n = 0; n < 60; n++) {
            say("POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.1\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"user");
            say(
                    "POST /login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.1\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nuser=");
        }

        Visitor visitor = new Visitor(server());
        visitor.signIn(person);
        assertThat(visitor.signedIn()).isTrue();
        as(person).get("/api/v1/auth/me").expect(200);
    }

    @Test
    void slow_readers_of_one_address_stop_neither_sign_in_nor_pages() throws IOException {
        String person = given.person("person");

        for (int n = 0; n < 60; n++) {
            say("GET /v3/api-docs HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.2\r\n\r\n");
            say("GET /login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.2\r\n\r\n");
        }

        Visitor visitor = new Visitor(server());
        visitor.signIn(person);
        assertThat(visitor.signedIn()).isTrue();
        as(person).get("/api/v1/auth/me").expect(200);
    }

    @Test
    void slow_readers_who_are_signed_in_stop_neither_others_nor_their_files() throws IOException {
        Visitor slow = new Visitor(server());
        slow.signIn(given.person("slow"));
        Visitor other = new Visitor(server());
        other.signIn(given.person("other"));

        for (int n = 0; n < 40; n++) {
            say("GET /camunda/lib/deps.js HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.7\r\nCookie: "
                    + Visitor.SESSION + "=" + slow.cookie(Visitor.SESSION) + "\r\n\r\n");
        }

        assertThat(other.get("/camunda/lib/deps.js").expect(200).text()).hasSizeGreaterThan(3_000_000);
        assertThat(other.signedIn()).isTrue();
        assertThat(slow.from("45.0.0.8").signedIn()).isTrue();
    }

    @Test
    void two_hundred_slow_bodies_leave_pages_and_sign_in_to_their_own_address() throws IOException {
        String person = given.person("person");
        for (int n = 0; n < 200; n++) {
            say("POST /login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.3\r\nContent-Length: 9\r\n\r\nx");
        }
        // Those beyond half of the address's share are refused after the grace; until then all of it is taken.
        await().untilAsserted(() -> assertThat(
                        new Visitor(server()).from("45.0.0.3").get("/login").status())
                .isEqualTo(200));

        new Visitor(server()).from("45.0.0.4").get("/login").expect(200);
        Visitor neighbour = new Visitor(server()).from("45.0.0.3");
        neighbour.signIn(person);
        assertThat(neighbour.signedIn()).isTrue();
    }

    @Test
    void body_that_drips_in_is_refused_after_the_deadline() throws Exception {
        Socket socket = say("POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.5\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n");
        socket.setSoTimeout(100);

        StringBuilder answer = new StringBuilder();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                socket.getOutputStream().write(' ');
                byte[] heard = new byte[2000];
                int length = socket.getInputStream().read(heard);
                answer.append(new String(heard, 0, Math.max(length, 0), StandardCharsets.UTF_8));
            } catch (SocketTimeoutException e) {
                // Not yet.
            }
            return answer.indexOf("}") > 0;
        });

        assertThat(answer).startsWith("HTTP/1.1 408").contains("body_too_slow").contains("Connection: close");
    }

    @Test
    void requests_in_one_breath_are_all_answered() throws IOException {
        String body = "{\"id\": \"x\"}";
        Socket socket = say(("POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 45.0.0.6\r\n"
                                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                        .repeat(2)
                + "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .containsPattern("(?s)HTTP/1.1 401.*HTTP/1.1 401.*HTTP/1.1 200");
    }

    private Socket say(String words) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(1024);
        URI server = URI.create(server());
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 2_000);
        socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }
}
