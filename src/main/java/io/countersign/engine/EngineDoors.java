package io.countersign.engine;

import io.countersign.identity.signin.DoorRules;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/**
 * Who may reach which endpoint of the engine's REST API, under engine-rest and under the web applications alike. What
 * no row names is for administrators alone; what a row opens is still subject to the engine's own authorizations.
 */
@Component
class EngineDoors implements DoorRules {

    private static final List<String> PREFIXES =
            List.of("/engine-rest", "/engine-rest/engine/default", "/camunda/api/engine/engine/default");

    private static final List<Door> PEOPLE = List.of(
            get("/version"),
            get("/engine"),
            get("/filter/**"),
            post("/filter/{id}/list"),
            post("/filter/{id}/singleResult"),
            post("/filter/{id}/count"),
            get("/task"),
            post("/task"),
            get("/task/count"),
            post("/task/count"),
            get("/task/{id}"),
            get("/task/{id}/form"),
            get("/task/{id}/deployed-form"),
            get("/task/{id}/form-variables"),
            get("/task/{id}/rendered-form"),
            get("/task/{id}/identity-links"),
            get("/task/{id}/comment/**"),
            post("/task/{id}/comment/create"),
            get("/task/{id}/attachment"),
            post("/task/{id}/claim"),
            post("/task/{id}/unclaim"),
            post("/task/{id}/complete"),
            post("/task/{id}/submit-form"),
            get("/process-definition"),
            get("/process-definition/{id}"),
            get("/process-definition/{id}/xml"),
            get("/process-definition/{id}/diagram"),
            get("/process-definition/count"),
            get("/case-definition/**"),
            get("/user/{id}/profile"),
            get("/user/count"),
            get("/user"),
            get("/group"),
            post("/group"),
            get("/group/count"),
            get("/identity/password-policy"),
            get("/identity/groups"),
            get("/authorization/check"),
            options("/filter/**"),
            options("/task/**"),
            options("/user/**"));

    private static final List<Door> SUPERADMINS = List.of(
            get("/**"),
            post("/process-instance"),
            post("/process-instance/count"),
            post("/process-definition/statistics"),
            post("/history/**"),
            post("/message"),
            post("/incident/**"),
            post("/job"),
            post("/job/count"),
            put("/job/{id}/retries"),
            post("/execution"),
            post("/variable-instance/**"));

    @Override
    public List<String> prefixes() {
        return PREFIXES;
    }

    @Override
    public List<Door> people() {
        return PEOPLE;
    }

    @Override
    public List<Door> superadmins() {
        return SUPERADMINS;
    }

    private static Door get(String path) {
        return new Door(HttpMethod.GET, path);
    }

    private static Door post(String path) {
        return new Door(HttpMethod.POST, path);
    }

    private static Door put(String path) {
        return new Door(HttpMethod.PUT, path);
    }

    private static Door options(String path) {
        return new Door(HttpMethod.OPTIONS, path);
    }
}
