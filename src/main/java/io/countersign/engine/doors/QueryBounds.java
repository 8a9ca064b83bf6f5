package io.countersign.engine.doors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.http.ReceivedBody;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problems;
import io.countersign.api.text.PlainText;
import io.countersign.identity.signin.DoorRules;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses engine queries that would take the database minutes to plan: the engine joins a table for each variable, each
 * alternative and each sort order in a query. The engine parses JSON more leniently than we do and fails on missing
 * parts, so a body that cannot be parsed unambiguously is refused here.
 */
class QueryBounds extends OncePerRequestFilter {

    /** Variables, alternatives ({@code orQueries}) and sort orders of one query, together. */
    private static final int MAX_CRITERIA = 30;

    private static final int MAX_BYTES = 64 * 1024;

    /** The endings of all field and parameter names that contain variables: processVariables and the like. */
    private static final String VARIABLES = "ariables";

    private static final String TOO_MANY =
            "must have at most " + MAX_CRITERIA + " variables, orQueries and sortings together";

    private static final String BODY = "body";

    private final EngineDoors doors;
    private final ObjectMapper json;

    QueryBounds(EngineDoors doors, ObjectMapper json) {
        this.doors = doors;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            check(request);
        } catch (InvalidInput broken) {
            ProblemDetail problem =
                    Problems.detail(HttpStatus.UNPROCESSABLE_ENTITY, broken.code(), broken.getMessage());
            problem.setProperty("errors", broken.errors());
            Problems.send(response, json, problem);
            return;
        }
        chain.doFilter(request, response);
    }

    /** Administrators' endpoints are not queries, except saving one as a filter; neither is an action on a task. */
    private void check(HttpServletRequest request) {
        PathContainer path = RequestPath.parse(request.getRequestURI(), request.getContextPath())
                .pathWithinApplication();
        String endpoint =
                EngineDoors.belowPrefix(path).map(PathContainer::value).orElse("");
        if (!endpoint.startsWith("/filter/")
                && doors.access(HttpMethod.valueOf(request.getMethod()), path) == DoorRules.Access.ADMINISTRATORS) {
            return;
        }
        byte[] body = ReceivedBody.of(request);
        if (endpoint.matches("/task/[^/]+/.+")) {
            check(read(body), "");
            return;
        }
        checkParameters(request);
        if (body.length > MAX_BYTES) {
            throw new InvalidInput(BODY, "must have at most " + MAX_BYTES + " bytes for a query");
        }
        if (check(read(body), "") > MAX_CRITERIA) {
            throw new InvalidInput(BODY, TOO_MANY);
        }
    }

    private static void checkParameters(HttpServletRequest request) {
        int criteria = 0;
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (parameter.getKey().endsWith(VARIABLES)) {
                for (String value : parameter.getValue()) {
                    criteria += 1 + StringUtils.countOccurrencesOf(value, ",");
                }
                if (criteria > MAX_CRITERIA) {
                    throw new InvalidInput(parameter.getKey(), TOO_MANY);
                }
            }
        }
    }

    private JsonNode read(byte[] body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            throw new InvalidInput(BODY, "must be one JSON value that has each field once");
        }
    }

    /** @return the number of objects inside lists */
    private static int check(JsonNode node, String at) {
        if (node.isTextual()) {
            PlainText.brokenRule(node.textValue()).ifPresent(rule -> {
                throw new InvalidInput(at, rule);
            });
        }
        int listed = 0;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = at.isEmpty() ? field.getKey() : at + "." + field.getKey();
            if (at.endsWith(VARIABLES)) {
                require(field.getValue(), name);
            }
            listed += check(field.getValue(), name);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            JsonNode element = node.get(i);
            String name = at + "[" + i + "]";
            require(element, name);
            if (element.isObject()) {
                listed++;
                if (at.endsWith(VARIABLES)) {
                    require(element.path("name"), name + ".name");
                }
            }
            listed += check(element, name);
        }
        return listed;
    }

    private static void require(JsonNode value, String name) {
        if (value.isNull() || value.isMissingNode()) {
            throw new InvalidInput(name, "must not be missing");
        }
    }
}
