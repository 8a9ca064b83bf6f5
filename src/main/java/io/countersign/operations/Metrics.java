package io.countersign.operations;

/**
 * The names of our metrics in Micrometer's notation. Prometheus turns dots into underscores (docs/observability.md).
 */
final class Metrics {

    static final String APPROVALS_PENDING = "countersign.approvals.pending";
    static final String APPROVALS_STUCK = "countersign.approvals.stuck";
    static final String DECISIONS = "countersign.decisions";
    static final String TIME_TO_DECISION = "countersign.time.to.decision";
    static final String DEPLOYMENTS = "countersign.deployments";
    static final String DELIVERIES = "countersign.deliveries";
    static final String DELIVERIES_QUEUED = "countersign.deliveries.queued";
    static final String DELIVERIES_OLDEST = "countersign.deliveries.oldest.queued";
    static final String INCIDENTS = "countersign.incidents";
    static final String JOBS_DUE = "countersign.jobs.due";

    private Metrics() {}
}
