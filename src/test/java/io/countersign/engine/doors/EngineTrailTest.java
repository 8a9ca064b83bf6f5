package io.countersign.engine.doors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/** Which requests at the engine's own doors are noted in the trail. */
class EngineTrailTest {

    private final EngineDoors doors = new EngineDoors();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /engine-rest/authorization/create",
                "PUT /engine-rest/authorization/17",
                "DELETE /engine-rest/engine/default/authorization/17",
                "PUT /engine-rest/process-instance/17/variables/note",
                "POST /engine-rest/process-instance/17/modification",
                "DELETE /camunda/api/engine/engine/default/process-instance/17",
                "POST /engine-rest/filter/create",
                "PUT /camunda/api/engine/engine/default/process-definition/17/suspended",
                "PUT /engine-rest/job/17/retries",
                "POST /engine-rest/message",
                "POST /engine-rest/task/17/claim",
                "POST /camunda/api/engine/engine/default/task/17/unclaim",
                "POST /engine-rest/task/17/comment/create",
                "POST /engine-rest/task/17/resolve",
                "PUT /engine-rest/task/17/variables/note",
                "POST /engine-rest/external-task/fetchAndLock",
                "POST /engine-rest/history/process-instance/delete"
            })
    void whatever_writes_is_noted(String request) {
        assertThat(isNoted(request)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /engine-rest/task",
                "OPTIONS /engine-rest/filter",
                "POST /engine-rest/task",
                "POST /engine-rest/engine/default/task/count",
                "POST /camunda/api/engine/engine/default/filter/17/list",
                "POST /engine-rest/variable-instance",
                "POST /engine-rest/history/process-instance/count",
                "POST /camunda/api/cockpit/plugin/base/default/incident/count"
            })
    void whatever_only_asks_is_not(String request) {
        assertThat(isNoted(request)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /engine-rest/task/17/complete", "POST /engine-rest/task/17/submit-form"})
    void completed_task_has_the_entry_of_what_it_did(String request) {
        assertThat(isNoted(request)).isFalse();
    }

    private boolean isNoted(String request) {
        String[] parts = request.split(" ");
        return doors.isNoted(HttpMethod.valueOf(parts[0]), PathContainer.parsePath(parts[1]));
    }
}
