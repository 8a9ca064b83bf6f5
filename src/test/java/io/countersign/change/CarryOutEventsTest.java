package io.countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Instances of {@code carry-out} that an administrator started or changed by hand. */
class CarryOutEventsTest extends ServerTest {

    private static final String NOBODYS = "00000000-0000-4000-8000-000000000000";

    @Autowired
    private RuntimeService runtime;

    @ParameterizedTest
    @MethodSource
    void instance_that_names_nothing_becomes_an_incident(Map<String, Object> variables) {
        String instance =
                runtime.startProcessInstanceByKey("carry-out", variables).getId();
        try {
            Awaitility.await("incident")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(runtime.createIncidentQuery()
                                    .processInstanceId(instance)
                                    .count())
                            .isEqualTo(1));
        } finally {
            runtime.deleteProcessInstance(instance, "tried");
        }
    }

    static Stream<Map<String, Object>> instance_that_names_nothing_becomes_an_incident() {
        return Stream.of(
                Map.of(),
                Map.of("kind", "nothing", "subject", NOBODYS),
                Map.of("kind", "route", "subject", NOBODYS),
                Map.of("kind", "cluster", "subject", NOBODYS),
                Map.of("kind", "cluster", "subject", "no id"));
    }
}
