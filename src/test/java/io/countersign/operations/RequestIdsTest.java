package io.countersign.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.cluster.ClusterFixtures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Reads what the server logs, with the ids beside each line. */
class RequestIdsTest extends ServerTest {

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            lines.add(event);
        }
    };

    private Logger logger;
    private Level before;

    @BeforeEach
    void listen() {
        logger = (Logger) LoggerFactory.getLogger("io.countersign");
        before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(before);
    }

    @Test
    void request_id_is_taken_over_and_returned() {
        assertThat(idOf(given.organization().owner(), "deploy-4711")).hasValue("deploy-4711");
    }

    @Test
    void request_without_an_id_gets_one() {
        assertThat(idOf(given.organization().owner(), ""))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f-]{36}"));
    }

    @Test
    void id_that_could_forge_a_log_line_is_replaced() {
        assertThat(idOf(given.organization().owner(), "x level=ERROR fire"))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f-]{36}"));
    }

    @Test
    void refused_requests_have_an_id_too() {
        assertThat(anonymous()
                        .send("GET", "/api/v1/orgs", null, RequestIds.HEADER, "who-am-i")
                        .expect(401)
                        .raw()
                        .headers()
                        .firstValue(RequestIds.HEADER))
                .hasValue("who-am-i");
    }

    @Test
    void log_says_who_asked_by_which_request_and_which_process_acted_on_it() {
        Org org = given.organization();
        String request = given.unique("request");

        as(org.owner())
                .send(
                        "POST",
                        ClusterFixtures.clusters(org.id()),
                        ClusterFixtures.body("prod-eu"),
                        RequestIds.HEADER,
                        request)
                .expect(201);

        assertThat(circumstances("event=audit action=create entity_type=cluster", org.id()))
                .containsEntry(LogKeys.REQUEST_ID, request)
                .containsEntry(LogKeys.USER, org.owner());
        await().untilAsserted(
                        () -> assertThat(circumstances("event=audit action=running entity_type=cluster", org.id()))
                                .containsEntry("process_key", "carry-out")
                                .containsKeys("process_instance_id", "business_key", "activity", LogKeys.JOB_ID)
                                .doesNotContainKey(LogKeys.USER));
    }

    /** @return what is beside the only line that starts and contains so */
    private Map<String, String> circumstances(String start, String part) {
        List<ILoggingEvent> found = lines.stream()
                .filter(line -> line.getFormattedMessage().startsWith(start)
                        && line.getFormattedMessage().contains(part))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0).getMDCPropertyMap();
    }

    private static Optional<String> idOf(String user, String sent) {
        return as(user).send("GET", "/api/v1/auth/me", null, RequestIds.HEADER, sent)
                .expect(200)
                .raw()
                .headers()
                .firstValue(RequestIds.HEADER);
    }
}
