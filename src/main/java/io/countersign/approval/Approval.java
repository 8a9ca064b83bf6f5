package io.countersign.approval;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.NotFound;
import io.countersign.audit.AuditSubject;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A request that people must agree to, as recorded. Its state changes refuse what its state does not allow and return
 * the changed request. The rules decide whether a person may trigger one.
 *
 * @param header what never changes
 * @param requested the requested content
 * @param progress its progress
 */
public record Approval(ApprovalHeader header, ApprovalContent requested, ApprovalProgress progress) {

    /**
     * The {@code stuckReason} of a request whose process was ended. It is recorded and recognised by this text, by
     * other versions too, so it must not change.
     */
    public static final String PROCESS_ENDED =
            "An administrator ended the process of this request, so it can only be cancelled.";

    /** The {@code stuckReason} of a request when no eligible decider was notified; recognised by this text too. */
    public static final String NOBODY_TOLD =
            "Nobody was told: none of those who may decide the open stage has a confirmed channel that is subscribed to"
                    + " this. They find it in their inbox, and may decide it there.";

    /**
     * Begins a request.
     *
     * @param submission the submitted request; its content and policy are copied and hashed
     * @param team the submitter's team, in a project
     * @param attention when to check the request first
     * @return the request: pending, or approved immediately if the policy has no stage
     */
    public static Approval submitted(
            ApprovalId id, Submission submission, Optional<TeamId> team, Instant now, Optional<Instant> attention) {
        List<Stage> stages = submission.policy().stages().stream()
                .sorted(Comparator.comparing(Policy.StagePolicy::order))
                .map(Stage::of)
                .toList();
        ApprovalProgress progress = new ApprovalProgress(stages).withAttention(attention);
        return new Approval(
                ApprovalHeader.of(id, submission, team, now),
                ApprovalContent.of(submission),
                stages.isEmpty() ? progress.with(progress.outcome().closed(ApprovalStatus.APPROVED, now)) : progress);
    }

    private Approval with(ApprovalProgress next) {
        return new Approval(header, requested, next);
    }

    /** @return this request with the user task of a newly opened stage and its process instance */
    public Approval opened(StageId stage, String task, String process, Instant now) {
        return with(progress.with(is(stage), waiting -> waiting.opened(task, process, now)));
    }

    /** @return this request with its next check at the given time, if any */
    public Approval withAttention(Optional<Instant> at) {
        return with(progress.withAttention(at));
    }

    /** @return this request with its next check no later than the given time, if any */
    public Approval withAttentionBy(Optional<Instant> latest) {
        return withAttention(
                Stream.concat(latest.stream(), progress.attention().stream()).min(Instant::compareTo));
    }

    /**
     * Takes a decision on the open stage.
     *
     * @throws Conflict if the request is not pending or the stage is not its open one
     */
    public ApprovalChange decide(StageId stage, Decision decision) {
        requireOpen(stage);
        Approval decided = with(progress.with(is(stage), open -> open.decided(decision)));
        Optional<ApprovalStatus> outcome = decision.kind() == DecisionKind.REJECT
                ? Optional.of(ApprovalStatus.REJECTED)
                : Optional.of(ApprovalStatus.APPROVED)
                        .filter(approved ->
                                decided.stages().stream().allMatch(each -> each.status() == StageStatus.APPROVED));
        return outcome.map(status -> ApprovalChange.of(
                        decided.closed(status, decision.decidedAt()),
                        new ApprovalEvent.Closed(id(), status),
                        new ApprovalEvent.StageDecided(this, decision, status)))
                .orElseGet(() -> ApprovalChange.of(
                        decided, new ApprovalEvent.StageDecided(this, decision, ApprovalStatus.PENDING)));
    }

    /**
     * Hands the request back to its submitter. The stage's user task ends.
     *
     * @throws Conflict if the request is not pending or the stage is not its open one
     */
    public ApprovalChange ask(Question question) {
        requireOpen(question.stage());
        return ApprovalChange.of(
                with(progress.with(question).with(is(question.stage()), Stage::withoutTask)),
                new ApprovalEvent.QuestionAsked(id(), question));
    }

    /** @return this request with the user task of its open question */
    public Approval questionOpened(String task) {
        return with(progress.withOpenQuestion(question -> question.opened(task)));
    }

    /**
     * Closes the open question and asks the approvers again.
     *
     * @param answer the submitter's answer; empty if the question is withdrawn
     * @throws Conflict with {@code no_question} if none is open
     */
    public ApprovalChange answer(UserId by, Optional<String> answer, Instant now) {
        Question question =
                openQuestion().orElseThrow(() -> new Conflict(ErrorCode.NO_QUESTION, "There is no open question."));
        return ApprovalChange.of(
                with(progress.withOpenQuestion(open -> open.closed(now, Optional.of(by), answer))
                        .nextRound()),
                new ApprovalEvent.QuestionClosed(id(), question.id()));
    }

    /**
     * Takes back a decision. Its stage reopens; later stages wait.
     *
     * @param attention when to check the request, if it was approved and is pending again
     * @throws Conflict if the request has ended or is being carried out
     */
    public ApprovalChange takeBack(
            StageId stage, Decision decision, UserId by, String reason, Instant now, Optional<Instant> attention) {
        requireUnfinished();
        FormerDecision.Ended ended =
                new FormerDecision.Ended(FormerDecision.End.TAKEN_BACK, now, Optional.of(by), reason);
        int order = stage(stage).order();
        Approval next = with(progress.with(is(openStage()), Stage::withoutTask)
                        .withOpenQuestion(question -> question.closed(now, Optional.of(by), Optional.empty())))
                .reopened(is(stage), decision::equals, ended);
        ApprovalEvent takenBack = new ApprovalEvent.TakenBack(id(), order, decision, by, reason);
        return status() == ApprovalStatus.PENDING
                ? ApprovalChange.of(next, takenBack)
                : ApprovalChange.of(
                        next.pendingAgain(attention),
                        takenBack,
                        new ApprovalEvent.Reopened(id(), "The approval of stage " + order + " was taken back."));
    }

    /**
     * Ends every decision of an approval that was not carried out within the time its policy allows.
     *
     * @param attention when to check the request, which is pending again
     * @throws NotApproved unless it lapsed
     */
    public ApprovalChange lapse(Instant now, Optional<Instant> attention) {
        if (!lapsed(now)) {
            throw new NotApproved("approval " + id() + " did not lapse");
        }
        String reason = lapseReason();
        return ApprovalChange.of(
                reopened(
                                stage -> true,
                                decision -> true,
                                new FormerDecision.Ended(FormerDecision.End.EXPIRED, now, Optional.empty(), reason))
                        .pendingAgain(attention),
                new ApprovalEvent.Lapsed(id(), reason),
                new ApprovalEvent.Reopened(id(), reason));
    }

    /** @return the user-facing reason why an approval lapsed */
    public String lapseReason() {
        return "Approved on " + closedAt().orElseThrow() + " and not carried out within "
                + waiting().validFor() + ".";
    }

    /** Ends decisions and reopens their stages, so that the approvers are asked again. */
    private Approval reopened(Predicate<Stage> which, Predicate<Decision> whose, FormerDecision.Ended ended) {
        return with(progress.with(which, stage -> stage.reopened(whose, ended)).nextRound());
    }

    private Approval pendingAgain(Optional<Instant> attention) {
        return with(progress.with(ApprovalProgress.Outcome.PENDING).withAttention(attention));
    }

    /**
     * Cancels the request.
     *
     * @throws Conflict with {@code wrong_state} if it is rejected, cancelled or carried out already
     */
    public ApprovalChange cancel(Instant now) {
        requireUnfinished();
        return ApprovalChange.of(
                with(progress.with(is(openStage()), Stage::withoutTask)
                                .withOpenQuestion(question -> question.closed(now, Optional.empty(), Optional.empty())))
                        .closed(ApprovalStatus.CANCELLED, now),
                new ApprovalEvent.Closed(id(), ApprovalStatus.CANCELLED));
    }

    /** Closes the request and schedules a check for when it lapses, if it may. */
    private Approval closed(ApprovalStatus status, Instant at) {
        Approval closed =
                with(progress.with(progress.outcome().closed(status, at)).withStuckReason(Optional.empty()));
        return closed.withAttention(closed.validUntil());
    }

    /**
     * Records that the process proceeds to carry out the request.
     *
     * @param contentHash the hash of the content to carry out
     * @throws NotApproved unless exactly this content was approved in full, is not cancelled and has not lapsed
     */
    public Approval release(String contentHash, Instant now) {
        requireApproved(contentHash, now);
        return with(progress.with(progress.outcome().released(now)));
    }

    /**
     * Records the commitment to the first write to the target.
     *
     * @param contentHash the hash of the content to carry out
     * @throws NotApproved unless exactly this content was approved in full, is not cancelled, and did not lapse before
     *     the first write
     */
    public Approval carryOut(String contentHash, Instant now) {
        requireApproved(contentHash, now);
        return carriedOutAt().isPresent()
                ? this
                : with(progress.with(progress.outcome().carriedOut(now))
                        .withStuckReason(Optional.empty())
                        .withAttention(Optional.empty()));
    }

    /** Records whether, and why, no one can decide the open stage. */
    public ApprovalChange stuck(Optional<String> reason) {
        return ApprovalChange.of(
                with(progress.withStuckReason(reason)),
                reason.<ApprovalEvent>map(why -> new ApprovalEvent.Stuck(id(), why))
                        .orElseGet(() -> new ApprovalEvent.NoLongerStuck(id())));
    }

    /** Records that the process and all its tasks are gone: no one is asked to decide any longer. */
    public ApprovalChange loseProcess(Instant now) {
        requireUnfinished();
        return ApprovalChange.of(
                with(progress.withOpenQuestion(question -> question.closed(now, Optional.empty(), Optional.empty()))
                        .with(stage -> true, Stage::withoutTask)
                        .withStuckReason(Optional.of(PROCESS_ENDED))
                        .withAttention(Optional.empty())),
                new ApprovalEvent.Stuck(id(), PROCESS_ENDED));
    }

    /**
     * Records a reminder to the people the open stage waits for.
     *
     * @throws Conflict if no stage is open
     */
    public ApprovalChange remind(Instant now) {
        return ApprovalChange.of(
                with(progress.with(is(requireOpen()), stage -> stage.reminded(now))),
                new ApprovalEvent.Reminded(id(), now));
    }

    /**
     * Records that the open stage is escalated to further people.
     *
     * @throws Conflict if no stage is open
     */
    public ApprovalChange escalate(Instant now) {
        return ApprovalChange.of(
                with(progress.with(is(requireOpen()), stage -> stage.escalated(now))),
                new ApprovalEvent.StageEscalated(id(), now));
    }

    private static Predicate<Stage> is(StageId id) {
        return stage -> stage.id().equals(id);
    }

    private static Predicate<Stage> is(Optional<Stage> open) {
        return stage -> open.filter(stage::equals).isPresent();
    }

    private StageId requireOpen() {
        return openStage()
                .map(Stage::id)
                .orElseThrow(() -> new Conflict(ErrorCode.WRONG_STATE, "This request has no open stage."));
    }

    private void requireOpen(StageId stage) {
        if (!requireOpen().equals(stage) || openQuestion().isPresent()) {
            throw new Conflict(ErrorCode.STAGE_NOT_OPEN, "This stage is not open.");
        }
    }

    private void requireUnfinished() {
        if (!unfinished()) {
            throw new Conflict(
                    ErrorCode.WRONG_STATE,
                    "This request is "
                            + (carriedOutAt().isPresent() ? "carried out" : status().wireName())
                            + " already.");
        }
    }

    private void requireApproved(String hash, Instant now) {
        if (status() != ApprovalStatus.APPROVED) {
            throw new NotApproved("approval " + id() + " is " + status().wireName());
        }
        if (lapsed(now)) {
            throw new NotApproved("approval " + id() + " was given too long ago and must be given again");
        }
        for (Stage stage : stages()) {
            long approvers = stage.decisions().stream()
                    .filter(decision -> decision.kind() == DecisionKind.APPROVE)
                    .map(Decision::decidedBy)
                    .distinct()
                    .count();
            if (stage.status() != StageStatus.APPROVED || approvers < stage.minApprovers()) {
                throw new NotApproved("stage " + stage.order() + " of approval " + id() + " lacks decisions");
            }
        }
        if (!policy().hash().equals(policyHash())) {
            throw new NotApproved("the policy of approval " + id() + " was altered");
        }
        if (!hash.equals(contentHash()) || !hash.equals(CanonicalJson.hash(content()))) {
            throw new NotApproved("the content differs from what approval " + id() + " was given for");
        }
    }

    /** @return its id */
    public ApprovalId id() {
        return header.id();
    }

    /** @return the kind of thing it is about */
    public EntityType entityType() {
        return header.entityType();
    }

    /** @return which thing it is about */
    public String entityId() {
        return header.entityId();
    }

    /** @return the display name of that thing */
    public String entityName() {
        return header.entityName();
    }

    /** @return the requested action, such as {@code create} */
    public String action() {
        return header.action();
    }

    /** @return the scope of its policy, whose members decide */
    public Scope scope() {
        return header.scope();
    }

    /** @return its status */
    public ApprovalStatus status() {
        return progress.outcome().status();
    }

    /** @return its submitter */
    public Principal submitter() {
        return header.submitter();
    }

    /** @return the submitter's team at submission, in a project */
    public Optional<TeamId> submitterTeam() {
        return header.submitterTeam();
    }

    /** @return when it was submitted */
    public Instant submittedAt() {
        return header.submittedAt();
    }

    /** @return when it was approved, rejected or cancelled */
    public Optional<Instant> closedAt() {
        return progress.outcome().closedAt();
    }

    /** @return when its process proceeded to carry out the approved change: nothing was written yet */
    public Optional<Instant> releasedAt() {
        return progress.outcome().releasedAt();
    }

    /** @return when the first write to the target was committed to; it cannot be cancelled after that */
    public Optional<Instant> carriedOutAt() {
        return progress.outcome().carriedOutAt();
    }

    /** @return the requested content, as canonical JSON */
    public String content() {
        return requested.json();
    }

    /** @return SHA-256 of {@link #content} */
    public String contentHash() {
        return requested.hash();
    }

    /** @return the content it would replace, as canonical JSON */
    public Optional<String> currentContent() {
        return requested.current();
    }

    /** @return whether each person may decide at most one stage */
    public boolean distinctApprovers() {
        return header.distinctApprovers();
    }

    /** @return SHA-256 of the copied policy */
    public String policyHash() {
        return header.policyHash();
    }

    /**
     * @return why no one can decide the open stage, or that no one who can was notified, or that its process was ended
     */
    public Optional<String> stuckReason() {
        return progress.stuckReason();
    }

    /** @return its stages, in order */
    public List<Stage> stages() {
        return progress.stages();
    }

    /** @return how often the approvers were asked again */
    public int round() {
        return progress.round();
    }

    /** @return the approvers' questions to the submitter, oldest first */
    public List<Question> questions() {
        return progress.questions();
    }

    /** @return the copied policy's settings for requests that wait long */
    public WaitingPolicy waiting() {
        return header.waiting();
    }

    /** @return the process instance that last opened a stage; empty if none ever did */
    public Optional<String> process() {
        return stages().stream()
                .flatMap(stage -> stage.waiting().process().stream())
                .reduce((earlier, later) -> later);
    }

    /** @return whether it asks for something of this kind */
    public boolean isAbout(EntityType type) {
        return entityType().equals(type);
    }

    /** @return the first stage not yet decided, while the approval is pending */
    public Optional<Stage> openStage() {
        return status() == ApprovalStatus.PENDING
                ? stages().stream()
                        .filter(stage -> stage.status() == StageStatus.PENDING)
                        .findFirst()
                : Optional.empty();
    }

    /** @return whether it is pending, or approved and not yet carried out */
    public boolean unfinished() {
        return status() == ApprovalStatus.PENDING
                || status() == ApprovalStatus.APPROVED && carriedOutAt().isEmpty();
    }

    /** @return whether people may decide it but none of them was notified */
    public boolean nobodyTold() {
        return stuckReason().filter(NOBODY_TOLD::equals).isPresent();
    }

    /** @return the thing that the request is about, for the trail */
    public AuditSubject auditSubject() {
        return new AuditSubject(entityType().wireName(), entityId(), entityName(), scope().toString());
    }

    /** @return whether an administrator ended its process, so that it waits for no one and can only be cancelled */
    public boolean processEnded() {
        return stuckReason().filter(PROCESS_ENDED::equals).isPresent();
    }

    /**
     * @param order a stage's place, from 1
     * @return the stage
     * @throws IllegalArgumentException if there is no such stage
     */
    public Stage stage(int order) {
        return stages().stream()
                .filter(stage -> stage.order() == order)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No stage " + order + " in approval " + id()));
    }

    /**
     * @return the stage
     * @throws NotFound if this approval has none with that id
     */
    public Stage stage(StageId stageId) {
        return stages().stream()
                .filter(stage -> stage.id().equals(stageId))
                .findFirst()
                .orElseThrow(() -> new NotFound("stage", stageId.toString()));
    }

    /** @return the stage that an engine's user task stands for; empty if the stage is decided or waits for an answer */
    public Optional<Stage> stageOfTask(String taskId) {
        return stages().stream()
                .filter(stage -> stage.taskId().filter(taskId::equals).isPresent())
                .findFirst();
    }

    /** @return the question that the submitter must answer before anything is decided, if there is one */
    public Optional<Question> openQuestion() {
        return questions().stream().filter(Question::open).findFirst();
    }

    /** @return when the open stage escalates; empty if it never does, already did, or waits for the submitter */
    public Optional<Instant> escalationDue() {
        return openStage()
                .filter(stage -> openQuestion().isEmpty()
                        && stage.escalatedAt().isEmpty()
                        && waiting().group().isPresent())
                .flatMap(stage -> waiting().escalation().map(waitsSince(stage)::plus));
    }

    /** @return when the people the open stage waits for were last asked: its approvers, or the submitter */
    public Optional<Instant> askedLast() {
        return openStage()
                .flatMap(stage -> Stream.of(
                                Stream.of(waitsSince(stage)),
                                stage.remindedAt().stream(),
                                questions().stream()
                                        .map(question -> question.closedAt().orElse(question.askedAt())))
                        .flatMap(Function.identity())
                        .max(Instant::compareTo));
    }

    private Instant waitsSince(Stage stage) {
        return stage.openedAt().orElse(submittedAt());
    }

    /** @return the policy that this request carries */
    public Policy policy() {
        return new Policy(stages().stream().map(Stage::policy).toList(), distinctApprovers(), waiting());
    }

    /** @return until when it may be carried out; empty if it may not, already was, or has no time limit */
    public Optional<Instant> validUntil() {
        return status() == ApprovalStatus.APPROVED && carriedOutAt().isEmpty()
                ? closedAt().flatMap(closed -> waiting().validity().map(closed::plus))
                : Optional.empty();
    }

    /** @return whether, at the given time, the approval has outlasted its policy's limit without being carried out */
    public boolean lapsed(Instant at) {
        return validUntil().filter(end -> !end.isAfter(at)).isPresent();
    }

    /** @return whether it allows its content at the given time: it is approved and has not lapsed */
    public boolean allows(Instant at) {
        return status() == ApprovalStatus.APPROVED && !lapsed(at);
    }

    /** @return whether it must be decided again because its approvals lapsed or were taken back */
    public boolean reopened() {
        return status() == ApprovalStatus.PENDING
                && stages().stream().anyMatch(stage -> !stage.former().isEmpty());
    }

    /** @return the decision that rejected this request, if one did */
    public Optional<Decision> rejection() {
        return stages().stream()
                .flatMap(stage -> stage.decisions().stream())
                .filter(decision -> decision.kind() == DecisionKind.REJECT)
                .findFirst();
    }
}
