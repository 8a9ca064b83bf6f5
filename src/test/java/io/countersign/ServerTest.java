package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
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
            "countersign.notification.digest-after=60",
            "countersign.notification.digest-window=PT3S",
            "countersign.embedded.data-directory=target/test-server",
            "countersign.jobs.retry-waits=PT0.2S,PT0.2S",
            "countersign.resilience.body-deadline=PT6S",
            "countersign.cluster.check-interval=PT0.2S",
            "countersign.gateway.check-interval=PT0.2S",
            "camunda.bpm.job-execution.wait-time-in-millis=200",
            "camunda.bpm.job-execution.max-wait=400",
            "countersign.projects.creators=project-creator",
            "countersign.namespaces.own=countersign-itself",
            "countersign.namespaces.reserved=shared,infra-*",
            "countersign.gateway.parent=edge/countersign",
            "countersign.sign-in.oidc.client-id=countersign",
            "countersign.sign-in.oidc.client-secret=countersign-secret",
            "countersign.sign-in.oidc.label=Example ID",
            "countersign.sign-in.oidc.groups-claim=realm.groups",
            "countersign.sign-in.oidc.memberships[0].group=sso-owners",
            "countersign.sign-in.oidc.memberships[0].organization=sso-org",
            "countersign.sign-in.oidc.memberships[0].role=owner",
            "countersign.sign-in.oidc.memberships[1].group=sso-admins",
            "countersign.sign-in.oidc.memberships[1].organization=sso-org",
            "countersign.sign-in.oidc.memberships[1].role=admin",
            "countersign.sign-in.oidc.memberships[2].group=sso-web-approvers",
            "countersign.sign-in.oidc.memberships[2].project=sso-project",
            "countersign.sign-in.oidc.memberships[2].role=approver",
            "countersign.sign-in.oidc.memberships[2].team=web",
            "countersign.sign-in.oidc.memberships[3].group=sso-operators",
            "countersign.sign-in.oidc.memberships[3].superadmin=true"
        })
@Import({Fixtures.class, SequenceFlows.class})
public abstract class ServerTest {

    /** Where the server's mail arrives. */
    protected static final GreenMail MAIL = startMail();

    /** Where the server writes what it provisions. */
    protected static final Path MANIFESTS = Path.of("target/test-manifests").toAbsolutePath();

    /** This machine's own address: the only one in a private network that the server posts webhooks to. */
    protected static final String WEBHOOK_HOST = ownAddress();

    /** Where {@code ProviderSignInTest} starts the OpenID Connect provider that the server knows. */
    protected static final int PROVIDER_PORT = freePort();

    private static final int PORT = freePort();

    @Autowired
    protected Fixtures given;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("server.port", () -> PORT);
        registry.add("countersign.target.manifests.directory", MANIFESTS::toString);
        // With a slash at its end, as people type it.
        registry.add("countersign.base-url", () -> "http://localhost:" + PORT + "/");
        registry.add("countersign.notification.private-webhook-hosts", () -> WEBHOOK_HOST);
        registry.add("countersign.sign-in.oidc.issuer", () -> "http://127.0.0.1:" + PROVIDER_PORT);
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

    /** @return a client that calls the server with a bearer token */
    protected static Client withToken(String token) {
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

    /** Ends a process of a request as an administrator does in Cockpit, which leaves out the models' listeners. */
    protected static void endProcess(String process, String approval) {
        Client admin = as("admin");
        JsonNode running = admin.get("/engine-rest/process-instance?processDefinitionKey=" + process
                        + "&variables=approvalId_eq_" + approval)
                .expect(200)
                .json();
        assertThat(running).isNotEmpty();
        for (JsonNode instance : running) {
            String path = "/engine-rest/process-instance/" + instance.get("id").asText();
            // A job of the same process may come in between.
            await().until(() -> {
                admin.delete(path + "?skipCustomListeners=true&skipIoMappings=true");
                return admin.get(path).status() == 404;
            });
        }
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

    private static String ownAddress() {
        // Linux answers to all of 127/8. What tests expect to be refused is 127.0.0.1.
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return socket.getInetAddress().getHostAddress();
        } catch (IOException e) {
            return ownNetworkAddress();
        }
    }

    private static String ownNetworkAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("This machine has no address", e);
        }
    }
}
