package io.countersign.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.InvalidInput;
import io.countersign.api.Problems;
import io.countersign.api.ReceivedBody;
import io.countersign.identity.signin.DoorRules;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses queries to the engine that the database would plan for minutes: the engine joins a table for each variable
 * that a query asks for, each alternative and each order.
 */
class QueryBounds extends OncePerRequestFilter {

    /** Variables, alternatives ({@code orQueries}) and orders of one query, together. */
    private static final int MAX_CRITERIA = 30;

    private static final int MAX_BYTES = 64 * 1024;

    /** How the names of all parameters end that ask for variables: processVariables, taskVariables and their like. */
    private static final String VARIABLES = "ariables";

    private final EngineDoors doors;
    private final ObjectMapper json;

    QueryBounds(EngineDoors doors, ObjectMapper json) {
        this.doors = doors;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<InvalidInput> broken = asksAQuery(request) ? brokenRule(request) : Optional.empty();
        if (broken.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        ProblemDetail problem = Problems.detail(
                HttpStatus.UNPROCESSABLE_ENTITY,
                broken.get().code(),
                broken.get().getMessage());
        problem.setProperty("errors", broken.get().errors());
        Problems.send(response, json, problem);
    }

    /** What only administrators do is no query, but for saving one as a filter; nor is what is done to a task. */
    private boolean asksAQuery(HttpServletRequest request) {
        PathContainer path = RequestPath.parse(request.getRequestURI(), request.getContextPath())
                .pathWithinApplication();
        String endpoint =
                EngineDoors.belowPrefix(path).map(PathContainer::value).orElse("");
        return endpoint.startsWith("/filter/")
                || doors.access(HttpMethod.valueOf(request.getMethod()), path) != DoorRules.Access.ADMINISTRATORS
                        && !endpoint.matches("/task/[^/]+/.+");
    }

    private Optional<InvalidInput> brokenRule(HttpServletRequest request) throws IOException {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (parameter.getKey().endsWith(VARIABLES)
                    && Arrays.stream(parameter.getValue())
                                    .mapToInt(value -> 1 + StringUtils.countOccurrencesOf(value, ","))
                                    .sum()
                            > MAX_CRITERIA) {
                return tooMany(parameter.getKey());
            }
        }
        byte[] body = ReceivedBody.of(request);
        return body.length > MAX_BYTES
                ? Optional.of(new InvalidInput("body", "must have at most " + MAX_BYTES + " bytes for a query"))
                : criteriaWithout(body);
    }

    private Optional<InvalidInput> criteriaWithout(byte[] body) throws IOException {
        int criteria = 0;
        try (JsonParser parser = json.createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean listed = token == JsonToken.START_OBJECT
                        && parser.getParsingContext().getParent().inArray();
                if (listed && ++criteria > MAX_CRITERIA) {
                    return tooMany(
                            parser.getParsingContext().getParent().getParent().getCurrentName());
                }
            }
        } catch (JsonProcessingException e) {
            // The engine refuses it in its own words.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<InvalidInput> tooMany(String field) {
        return Optional.of(new InvalidInput(
                field == null ? "body" : field,
                "is one too many: a query has at most " + MAX_CRITERIA
                        + " variables, orQueries and sortings together"));
    }
}
