package io.countersign.operations;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.figures.ApprovalFigures;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.engine.jobs.EngineOperations;
import io.countersign.engine.jobs.EngineOperations.FailedJob;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.notification.outbox.Backlog;
import io.countersign.resilience.Node;
import io.countersign.resilience.Nodes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Running instances, what is stuck, failed or late on the whole platform, what each case needs, and the retry of failed
 * jobs. Only for superadmins and engine administrators. A retry repeats an engine job and decides nothing: provisioning
 * and deployment check the recorded approval again.
 */
@Component
@Transactional
public class Operations {

    /** The maximum number retried together or shown on a page. */
    public static final int MAX = 100;

    private static final Duration LATE = Duration.ofMinutes(1);

    private final ApprovalFigures figures;
    private final Backlog backlog;
    private final EngineOperations engine;
    private final Nodes nodes;
    private final Approvals approvals;
    private final People people;
    private final AuditTrail audit;
    private final Clock clock;

    Operations(
            ApprovalFigures figures,
            Backlog backlog,
            EngineOperations engine,
            Nodes nodes,
            Approvals approvals,
            People people,
            AuditTrail audit,
            Clock clock) {
        this.figures = figures;
        this.backlog = backlog;
        this.engine = engine;
        this.nodes = nodes;
        this.approvals = approvals;
        this.people = people;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * A job that gave up.
     *
     * @param id the id for retrying it
     * @param process the process's key, such as {@code carry-out}
     * @param processInstanceId the instance, as Cockpit shows it
     * @param about its subject, for people
     * @param activity the failed step
     * @param reason the last failure's message
     * @param since when it gave up
     * @param needs what a person must do
     * @param approvalId the approval that it carries out; null if it has none
     */
    public record Incident(
            String id,
            String process,
            String processInstanceId,
            String about,
            String activity,
            String reason,
            Instant since,
            String needs,
            String approvalId) {}

    /**
     * A request that nobody can decide, or whose process was ended.
     *
     * @param approvalId the request
     * @param title what it asks for
     * @param scope where
     * @param submitter the submitter
     * @param submitterType the submitter's kind of principal
     * @param submittedAt since when
     * @param reason why it is stuck
     * @param needs what a person must do
     */
    public record Stuck(
            String approvalId,
            String title,
            String scope,
            String submitter,
            Principal.Kind submitterType,
            Instant submittedAt,
            String reason,
            String needs) {

        /** @return the submitter */
        public Principal principal() {
            return new Principal(submitterType, submitter);
        }
    }

    /**
     * An instance that shares the database.
     *
     * @param node its id
     * @param host its host
     * @param version its version; null if it does not report one
     * @param startedAt since when
     * @param seenAt its last heartbeat
     * @param silentSeconds how long ago that was
     * @param state its state
     * @param struckOffAt when others take over its jobs if it stays silent; null unless it is silent
     * @param jobsLocked how many jobs it is running
     * @param self whether it is the one that answers
     * @param needs what a person must do; null if nothing
     */
    public record Instance(
            String node,
            String host,
            String version,
            Instant startedAt,
            Instant seenAt,
            long silentSeconds,
            Node.State state,
            Instant struckOffAt,
            long jobsLocked,
            boolean self,
            String needs) {}

    /**
     * Everything at a glance.
     *
     * @param incidents jobs that gave up, by process
     * @param stuck requests that nobody can decide, or whose process was ended
     * @param pending requests that wait for a decision
     * @param deliveriesQueued unsent notifications
     * @param jobsDue engine jobs that are due but not started
     */
    public record Summary(Map<String, Long> incidents, long stuck, long pending, long deliveriesQueued, long jobsDue) {

        /** @return how many jobs gave up */
        public long incidentCount() {
            return incidents.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** @return the numbers of what is open now */
    @Transactional(readOnly = true)
    public Summary summary(UserId reader) {
        requireOperator(reader);
        ApprovalFigures.Open open = figures.open();
        return new Summary(
                engine.openIncidents(),
                open.stuck(),
                open.pending(),
                backlog.queued().count(),
                engine.jobsDue());
    }

    /**
     * @param process only of this process
     * @return jobs that gave up, newest first
     */
    @Transactional(readOnly = true)
    public Page<Incident> incidents(UserId reader, Optional<String> process, PageRequest page) {
        requireOperator(reader);
        return engine.failedJobs(process, page).map(Operations::incident);
    }

    /**
     * Lets a job run again.
     *
     * @throws NotFound if it is no longer open: another person retried it, or its subject has ended
     */
    public Incident retry(UserId actor, String incident) {
        requireOperator(actor);
        FailedJob job = engine.failedJob(incident).orElseThrow(() -> new NotFound("incident", incident));
        retry(job);
        return incident(job);
    }

    /**
     * Lets the newest failed jobs run again, at most {@link #MAX}.
     *
     * @param process only of this process
     * @return how many
     */
    public int retryAll(UserId actor, Optional<String> process) {
        requireOperator(actor);
        List<FailedJob> jobs = engine.failedJobs(process, new PageRequest(MAX, Optional.empty()))
                .items();
        jobs.forEach(this::retry);
        return jobs.size();
    }

    /** @return requests that nobody can decide, or whose process was ended, oldest first */
    @Transactional(readOnly = true)
    public Page<Stuck> stuck(UserId reader, PageRequest page) {
        requireOperator(reader);
        return approvals.stuck(page).map(Operations::stuck);
    }

    private static Stuck stuck(Approval approval) {
        return new Stuck(
                approval.id().toString(),
                approval.action() + " " + approval.entityType().wireName().replace('_', ' ') + " "
                        + approval.entityName(),
                approval.scope().toString(),
                approval.submitter().name(),
                approval.submitter().kind(),
                approval.submittedAt(),
                approval.stuckReason().orElse(""),
                approval.processEnded()
                        ? "Cancel it, as its submitter, an owner, an admin or a superadmin; then it can be submitted anew."
                        : approval.nobodyTold()
                                ? "Have somebody who may decide it confirm their address or subscribe a channel, or override it as a superadmin."
                                : "Add a person who may decide it, or override it as a superadmin.");
    }

    /** @return notifications that have waited for more than a minute, oldest first */
    @Transactional(readOnly = true)
    public Page<Backlog.Waiting> lateDeliveries(UserId reader, PageRequest page) {
        requireOperator(reader);
        return backlog.queuedBefore(clock.instant().minus(LATE), page);
    }

    /** @return the instances that share the database, the oldest first; without those that are struck off */
    @Transactional(readOnly = true)
    public List<Instance> instances(UserId reader) {
        requireOperator(reader);
        Map<String, Long> locked = engine.lockedJobs();
        return nodes.all().stream()
                .map(node -> new Instance(
                        node.id(),
                        node.host(),
                        node.version(),
                        node.startedAt(),
                        node.seenAt(),
                        node.silence().toSeconds(),
                        node.state(),
                        node.state() == Node.State.SILENT ? node.struckOffAt() : null,
                        locked.getOrDefault(node.id(), 0L),
                        node.self(),
                        needs(node)))
                .toList();
    }

    private static String needs(Node node) {
        return switch (node.state()) {
            case RUNNING -> null;
            case DRAINING -> "Nothing: it was told to stop, finishes what it has under way, and then signs off.";
            case SILENT ->
                "Nothing for its jobs: others take them over once it is struck off, "
                        + Duration.between(node.seenAt(), node.struckOffAt()).toSeconds()
                        + " seconds after its last heartbeat. If it ought to run, look on its host whether it lives and reaches the database.";
        };
    }

    private void retry(FailedJob job) {
        engine.retry(job);
        audit.record(
                AuditAction.RETRY_JOB,
                new AuditSubject("process", job.processInstanceId(), about(job), Scope.PLATFORM.toString()),
                Map.of("process", job.process(), "activity", job.activity(), "reason", job.reason()));
    }

    private static Incident incident(FailedJob job) {
        return new Incident(
                job.id(),
                job.process(),
                job.processInstanceId(),
                about(job),
                job.activity(),
                job.reason(),
                job.at(),
                needs(job.process()),
                job.variables().get("approvalId"));
    }

    private static String about(FailedJob job) {
        return job.businessKey() == null ? job.process() : job.businessKey();
    }

    /** What each kind of failure needs; docs/operations.md has the details. */
    private static String needs(String process) {
        return switch (process) {
            case "notification-delivery" ->
                "The mail server or webhook refused for long. Mend it, or correct the address, and retry.";
            case "tenant-notice" ->
                "The contact's mail server or the orchestrator's webhook refused for long. Mend it and retry.";
            case "carry-out" ->
                "Read the reason, mend the cause where changes are carried out, and retry: it goes on where it stopped.";
            case "client-access" ->
                "Read the reason, mend the cause at the gateway's API server or directory, and retry.";
            default ->
                "Read the reason and mend the cause, then retry. A reason that speaks of missing approval is no fault to mend: somebody changed the process by hand.";
        };
    }

    private void requireOperator(UserId person) {
        if (people.find(person)
                .filter(found -> found.superadmin() || found.engineAdmin())
                .isEmpty()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "This is for operators of the platform.");
        }
    }
}
