package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.ServerTest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An attack on the engine's REST API, as a program does it and as a page of Tasklist or Cockpit does it. */
abstract class EngineTest extends ServerTest {

    /** The engine's administrator of the demonstration data. */
    static final String ADMINISTRATOR = "admin";

    static final String ENGINE_REST = "/engine-rest";
    static final String WEB_APPLICATIONS = "/camunda/api/engine/engine/default";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Visitor> VISITORS = new ConcurrentHashMap<>();

    /** Which door somebody comes by. */
    enum Way {
        /** A program with a token. */
        PROGRAM,
        /** A browser with a session, on a page of Camunda's web applications. */
        BROWSER
    }

    /** What the engine answered. */
    record Answer(int status, String text) {

        Answer expect(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }

        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("Not JSON: " + text, e);
            }
        }
    }

    /**
     * Calls an endpoint of the engine.
     *
     * @param body sent as it is if it is a text, as JSON else; may be null
     */
    static Answer call(Way way, String user, String method, String path, Object body) {
        return switch (way) {
            case PROGRAM -> {
                var answer = as(user).send(method, ENGINE_REST + path, body);
                yield new Answer(answer.status(), answer.text());
            }
            case BROWSER -> browse(user, method, WEB_APPLICATIONS + path, body);
        };
    }

    /** Calls an endpoint with the session and the CSRF token of a page of the web applications. */
    static Answer browse(String user, String method, String path, Object body) {
        Visitor visitor = VISITORS.computeIfAbsent(user, EngineTest::inTasklist);
        String json = body == null ? null : write(body);
        var answer = visitor.send(
                method,
                path,
                json == null ? null : "application/json",
                json,
                "X-XSRF-TOKEN",
                visitor.cookie("XSRF-TOKEN"));
        return new Answer(answer.status(), answer.text());
    }

    static Answer get(Way way, String user, String path) {
        return call(way, user, "GET", path, null);
    }

    static Answer post(Way way, String user, String path, Object body) {
        return call(way, user, "POST", path, body);
    }

    /** @return the only task that a person sees */
    static String onlyTask(String user) {
        JsonNode tasks = get(Way.PROGRAM, user, "/task").expect(200).json();
        assertThat(tasks).hasSize(1);
        return tasks.at("/0/id").asText();
    }

    /** @return the body that completes a task */
    static Map<String, Object> variables(String... namesAndValues) {
        Map<String, Object> variables = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], Map.of("value", namesAndValues[i + 1], "type", "String"));
        }
        return Map.of("variables", variables);
    }

    private static Visitor inTasklist(String user) {
        Visitor visitor = new Visitor(server());
        visitor.signIn(user);
        visitor.get("/camunda/app/tasklist/default/").expect(200);
        return visitor;
    }

    private static String write(Object body) {
        if (body instanceof String json) {
            return json;
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
