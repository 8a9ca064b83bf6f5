package io.countersign.operations;

/** The context keys of our log lines, in addition to those that the engine adds. */
public final class LogKeys {

    /** The current request, or the one that caused the engine job. */
    public static final String REQUEST_ID = "request_id";

    /** The signed-in user. */
    public static final String USER = "user";

    /** The approval of the request or engine job. */
    public static final String APPROVAL_ID = "approval_id";

    /** The running engine job. */
    public static final String JOB_ID = "job_id";

    private LogKeys() {}
}
