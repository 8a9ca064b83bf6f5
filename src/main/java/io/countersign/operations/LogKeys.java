package io.countersign.operations;

/** The keys of what every log line says of its circumstances, beside those that the engine adds. */
public final class LogKeys {

    /** The request that is served, or that caused the engine job. */
    public static final String REQUEST_ID = "request_id";

    /** Who is signed in. */
    public static final String USER = "user";

    /** The approval that the request or the engine job is about. */
    public static final String APPROVAL_ID = "approval_id";

    /** The engine job that runs. */
    public static final String JOB_ID = "job_id";

    private LogKeys() {}
}
