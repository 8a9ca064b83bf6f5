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
 * Which instances run, what is stuck, failed or late on the whole platform, what each needs, and the retry of what
 * failed. For superadmins and engine administrators alone. A retry repeats a job of the engine and decides nothing:
 * whatever provisions or deploys looks at the recorded approval again.
 */
@Component
@Transactional
public class Operations {

    /** At most this many are retried at once or shown on a page. */
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
     * @param id by which it is retried
     * @param process the process's key, such as {@code carry-out}
     * @param processInstanceId the instance, as Cockpit shows it
     * @param about what it is about, for a person
     * @param activity the step that failed
     * @param reason why, as the last failure said
     * @param since when it gave up
     * @param needs what a person has to do
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
     * @param submitter who asks
     * @param submitterType which kind of principal that is
     * @param submittedAt since when
     * @param reason why it does not go on
     * @param needs what a person has to do
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

        /** @return who asks */
        public Principal principal() {
            return new Principal(submitterType, submitter);
        }
    }

    /**
     * An instance that shares the database.
     *
     * @param node its id
     * @param host where it runs
     * @param version what it runs; null if it does not say so
     * @param startedAt since when
     * @param seenAt its last heartbeat
     * @param silentSeconds how long ago that was
     * @param state what it is doing
     * @param struckOffAt when others take over its jobs if it stays silent; null unless it is silent
     * @param jobsLocked how many jobs it runs now
     * @param self whether it gave this answer
     * @param needs what a person has to do; null if nothing
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
     * @param deliveriesQueued notifications that are not sent yet
     * @param jobsDue engine jobs that could run and do not yet
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
     * @throws NotFound if it is no longer open: somebody else retried it, or what it was about has ended
     */
    public Incident retry(UserId actor, String incident) {
        requireOperator(actor);
        FailedJob job = engine.failedJob(incident).orElseThrow(() -> new NotFound("incident", incident));
        retry(job);
        return incident(job);
    }

    /**
     * Lets the newest jobs run again that gave up, at most {@link #MAX}.
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

    /** @return notifications that wait for more than a minute, oldest first */
    @Transactional(readOnly = true)
    public Page<Backlog.Waiting> lateDeliveries(UserId reader, PageRequest page) {
        requireOperator(reader);
        return backlog.queuedBefore(clock.instant().minus(LATE), page);
    }

    /** @return the instances that share the database, the oldest first; one that is struck off is gone from here */
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

    /** What each kind of failure needs, as docs/operations.md says at length. */
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
