package io.countersign.api.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/** Makes problem details (RFC 9457) of the one form that every answer of this server has. */
public final class Problems {

    /** What the type of every problem begins with. */
    static final String TYPE = "urn:countersign:problem:";

    private Problems() {}

    /** @return the code of a problem that has no other than its status */
    static String code(HttpStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** @return the problem of a URL or parameter in a form that the server does not accept */
    public static ProblemDetail refusedUrl() {
        return detail(
                HttpStatus.BAD_REQUEST,
                ErrorCode.REQUEST_REFUSED,
                "The URL or a parameter has a form that this server does not accept, such as a doubled or an encoded"
                        + " slash.");
    }

    /** Answers with a problem where no converter does. */
    public static void send(HttpServletResponse response, ObjectMapper json, ProblemDetail problem) throws IOException {
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        // The filters that write headers may run later or not at all.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        json.writeValue(response.getOutputStream(), problem);
    }

    /**
     * @param status the HTTP status
     * @param code the stable, machine-readable reason
     * @param explanation the same for a person
     * @return the body to answer with
     */
    public static ProblemDetail detail(HttpStatus status, ErrorCode code, String explanation) {
        ProblemDetail detail = ProblemDetail.forStatusAndDetail(status, explanation);
        addCode(detail, code.wireName());
        return detail;
    }

    /** @return the body to answer with if there is no other reason than the status */
    static ProblemDetail detail(HttpStatus status, String explanation) {
        ProblemDetail detail = ProblemDetail.forStatusAndDetail(status, explanation);
        addCode(detail, code(status));
        return detail;
    }

    static void addCode(ProblemDetail detail, String code) {
        detail.setType(URI.create(TYPE + code));
        detail.setProperty("code", code);
    }
}
