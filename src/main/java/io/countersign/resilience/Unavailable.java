package io.countersign.resilience;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.ForPrograms;
import io.countersign.api.problem.Outages;
import io.countersign.api.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Answers requests that cannot be worked on now: 503 with {@code Retry-After}, as problem+json for programs and as a
 * page for people. Needs neither database nor session nor template engine.
 */
@Component
class Unavailable {

    private static final String RETRY_SECONDS = "5";

    /** Reading a page again is harmless; sending a form again is for the person to decide. */
    private static final String RELOAD = "<meta http-equiv=\"refresh\" content=\"" + RETRY_SECONDS + "\">";

    private final ObjectMapper json;
    private final String page;

    Unavailable(ObjectMapper json) throws IOException {
        this.json = json;
        this.page = new ClassPathResource("unavailable.html").getContentAsString(StandardCharsets.UTF_8);
    }

    void databaseAway(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response, ErrorCode.DATABASE_UNAVAILABLE, Outages.EXPLANATION);
    }

    void tooMuch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(
                request,
                response,
                ErrorCode.OVERLOADED,
                "There are too many requests right now. Nothing was changed; try again shortly.");
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, ErrorCode code, String explanation)
            throws IOException {
        if (!response.isCommitted()) {
            String connection = response.getHeader(HttpHeaders.CONNECTION);
            response.reset();
            if (connection != null) {
                response.setHeader(HttpHeaders.CONNECTION, connection);
            }
        }
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        byte[] body;
        if (ForPrograms.is(
                request.getRequestURI().substring(request.getContextPath().length()))) {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            body = json.writeValueAsBytes(Problems.detail(HttpStatus.SERVICE_UNAVAILABLE, code, explanation));
        } else {
            response.setContentType("text/html;charset=UTF-8");
            response.setHeader("Content-Security-Policy", "default-src 'self'; img-src 'self' data:");
            boolean reads = HttpMethod.GET.matches(request.getMethod());
            body = page.replace("<!-- reload -->", reads ? RELOAD : "")
                    .replace(
                            "<!-- advice -->",
                            reads
                                    ? "This page retries automatically."
                                    : "Your input may not have been saved. Go back, check, and send it again if"
                                            + " necessary.")
                    .getBytes(StandardCharsets.UTF_8);
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
