package io.countersign.api;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Makes problem details (RFC 9457) of the one form that every answer of this server has. */
public final class Problems {

    private Problems() {}

    /**
     * @param status the HTTP status
     * @param code the stable, machine-readable reason
     * @param explanation the same for a person
     * @return the body to answer with
     */
    public static ProblemDetail detail(HttpStatus status, String code, String explanation) {
        ProblemDetail detail = ProblemDetail.forStatusAndDetail(status, explanation);
        addCode(detail, code);
        return detail;
    }

    static void addCode(ProblemDetail detail, String code) {
        detail.setType(URI.create("urn:countersign:problem:" + code));
        detail.setProperty("code", code);
    }
}
