package io.countersign.cli;

import java.util.List;

/** The server answered with a problem (RFC 9457). */
final class Refused extends Failure {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status the HTTP status
     * @param message the problem's detail and code
     * @param details the invalid fields, if any
     */
    Refused(int status, String message, List<String> details) {
        super(status == 401 ? ExitCode.NOT_SIGNED_IN : ExitCode.REFUSED, message, details);
        this.status = status;
    }

    boolean notFound() {
        return status == 404;
    }

    /** @return whether there is no such thing, or the person may not see it */
    boolean hidden() {
        return status == 403 || notFound();
    }

    /** @return whether a retry may soon succeed: the server or its database is restarting */
    boolean passing() {
        return status == 502 || status == 503 || status == 504;
    }
}
