package io.countersign;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A test against the running server: real PostgreSQL, real SMTP, job executor on. All such tests share one server, so
 * each makes its own organization or project and waits for what engine jobs do.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {
            "countersign.embedded.data-directory=target/test-server",
            "countersign.jobs.retry-waits=PT0.2S,PT0.2S",
            "countersign.cluster.check-interval=PT0.2S",
            "countersign.gateway.check-interval=PT0.2S",
            "camunda.bpm.job-execution.wait-time-in-millis=200",
            "camunda.bpm.job-execution.max-wait=400"
        })
@Import({Fixtures.class, SequenceFlows.class})
public abstract class ServerTest {

    /** Where the server's mail arrives. */
    protected static final GreenMail MAIL = startMail();

    /** Where the server writes what it provisions. */
    protected static final Path MANIFESTS = Path.of("target/test-manifests").toAbsolutePath();

    private static final int PORT = freePort();

    @Autowired
    protected Fixtures given;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("server.port", () -> PORT);
        registry.add("countersign.target.manifests.directory", MANIFESTS::toString);
        registry.add("countersign.base-url", () -> "http://localhost:" + PORT);
        registry.add("spring.mail.host", () -> "localhost");
        registry.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
    }

    /** @return a client that calls the server as a person, with a bearer token */
    protected static Client as(String user) {
        return Client.as("http://localhost:" + PORT, user);
    }

    /** @return a client that calls the server as an orchestrator, with a token that it asks for now */
    protected static Client asOrchestrator(String clientId, String secret) {
        String token = askForToken(clientId, secret).expect(200).at("/access_token");
        return Client.withToken("http://localhost:" + PORT, token);
    }

    /** @return what the token endpoint answers an orchestrator */
    protected static Client.Answer askForToken(String clientId, String secret) {
        return Client.askForToken("http://localhost:" + PORT, clientId, secret);
    }

    /** @return a client that calls the server without signing in */
    protected static Client anonymous() {
        return Client.anonymous("http://localhost:" + PORT);
    }

    /** @return the server's root, such as {@code http://localhost:34567} */
    protected static String server() {
        return "http://localhost:" + PORT;
    }

    private static GreenMail startMail() {
        GreenMail mail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        return mail;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No free port", e);
        }
    }
}
