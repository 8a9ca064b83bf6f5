package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.Fixtures.Org;
import io.countersign.attack.Visitor;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.target.HangingApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A server whose Kubernetes API takes connections and never answers goes on with everything else. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "countersign.embedded.data-directory=target/test-hanging",
            "camunda.bpm.process-engine-name=hanging",
            // The engine's web applications know one server in a virtual machine: the one that all other tests ask.
            "camunda.bpm.webapp.enabled=false",
            "countersign.target.type=kubernetes"
        })
@DirtiesContext
@Import(Fixtures.class)
class HangingTargetTest {

    private static final int PREVIEWS = 18;
    private static final HangingApi API = hangingApi();

    @Autowired
    private Fixtures given;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void hangingTarget(DynamicPropertyRegistry registry) {
        registry.add("countersign.target.kubernetes.master-url", API::url);
    }

    @Test
    void previews_answer_within_their_deadline_and_everything_else_goes_on() throws InterruptedException {
        String server = "http://localhost:" + port;
        Gateway gateway = Gateway.of(person -> Client.as(server, person), given);
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        Client approver = Client.as(server, gateway.approver);
        Client other = Client.as(server, gateway.owner);
        String path = "/api/v1/approvals/" + request.approval();
        other.get(path).expect(200);
        approver.get(path).expect(200);
        Visitor signedIn = new Visitor(server);
        signedIn.signIn(gateway.approver);
        ExecutorService people = Executors.newFixedThreadPool(PREVIEWS);
        long started = System.nanoTime();

        List<CompletableFuture<Client.Answer>> previews = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> approver.get(path + "/preview"), people))
                .limit(PREVIEWS)
                .toList();
        while (API.connections() == 0) {
            Thread.onSpinWait();
        }
        long asked = System.nanoTime();
        other.get(path).expect(200);
        Client.anonymous(server).get("/login").expect(200);
        Duration others = Duration.ofNanos(System.nanoTime() - asked);
        List<Client.Answer> answers =
                previews.stream().map(CompletableFuture::join).toList();
        Duration took = Duration.ofNanos(System.nanoTime() - started);

        people.shutdown();
        assertThat(people.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
        assertThat(others).isLessThan(Duration.ofSeconds(5));
        assertThat(took).isLessThan(Duration.ofSeconds(15));
        for (Client.Answer answer : answers) {
            JsonNode objects = answer.expect(200).json().get("objects");
            assertThat(objects.findValuesAsText("kind")).contains("HTTPRoute", "SecurityPolicy");
            assertThat(objects.findValuesAsText("change")).containsOnly("unknown");
            assertThat(objects.findValuesAsText("unknown"))
                    .allSatisfy(why -> assertThat(why).containsAnyOf("does not answer", "did not answer", "Ask again"));
            assertThat(objects.findValuesAsText("planned")).anyMatch(yaml -> yaml.contains("/cart"));
        }
        assertThat(signedIn.get("/approvals/" + request.approval() + "/preview")
                        .expect(200)
                        .text())
                .contains("What is live is not known.", "Ask again");
        assertThat(previewThreads()).isLessThanOrEqualTo(18);
    }

    @Test
    void cluster_says_after_the_first_try_that_the_api_does_not_answer() {
        String server = "http://localhost:" + port;
        Org org = given.organization();
        Client owner = Client.as(server, org.owner());
        owner.post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"))
                .expect(201);

        JsonNode cluster = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> owner.get(ClusterFixtures.clusters(org.id()) + "/prod-eu")
                                .expect(200)
                                .json(),
                        shown -> shown.hasNonNull("attempt"));

        assertThat(cluster.get("status").asText()).isEqualTo("PROVISIONING");
        assertThat(cluster.get("attempt").asInt()).isPositive();
        assertThat(cluster.get("attempts").asInt()).isEqualTo(5);
        assertThat(cluster.get("failure").asText())
                .matches("Kubernetes does not read .*: its API did not answer .*\\.");
        assertThat(cluster.get("next_attempt_at").asText()).isNotBlank();
    }

    private static long previewThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("preview-"))
                .count();
    }

    private static HangingApi hangingApi() {
        try {
            return new HangingApi();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
