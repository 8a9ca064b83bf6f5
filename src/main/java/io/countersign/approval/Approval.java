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
 * the request after the change. Whether a person may bring one about, the rules say.
 *
 * @param header what never changes
 * @param requested what is asked for
 * @param progress how far it is
 */
public record Approval(ApprovalHeader header, ApprovalContent requested, ApprovalProgress progress) {

    /**
     * The {@code stuckReason} of a request whose process was ended. It is recorded and recognised by this text, by
     * other versions too, so it stays as it is.
     */
    public static final String PROCESS_ENDED =
            "An administrator ended the process of this request, so it can only be cancelled.";

    /** The {@code stuckReason} of a request of which nobody was told who may decide it; recognised by this text too. */
    public static final String NOBODY_TOLD =
            "Nobody was told: none of those who may decide the open stage has a confirmed channel that is subscribed to"
                    + " this. They find it in their inbox, and may decide it there.";

    /**
     * Begins a request.
     *
     * @param submission what is asked for; its content and policy are copied and hashed
     * @param team the submitter's team, in a project
     * @param attention when to look at the request first
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

    /** @return this request with the user task of a stage that opens, in a process instance */
    public Approval opened(StageId stage, String task, String process, Instant now) {
        return with(progress.with(is(stage), waiting -> waiting.opened(task, process, now)));
    }

    /** @return this request when it is looked at next at a time, if at all */
    public Approval withAttention(Optional<Instant> at) {
        return with(progress.withAttention(at));
    }

    /** @return this request when it is looked at by a time at the latest, if there is one */
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
     * Hands the request back to its submitter. The stage's user task is gone.
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
     * Closes the open question, after which the approvers are asked again.
     *
     * @param answer what the submitter said; empty if the question is withdrawn
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
     * Takes back a decision. Its stage is open again; later ones wait.
     *
     * @param attention when to look at the request, if it was approved and is pending again
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
     * Ends every decision of an approval that was not carried out in the time that its policy allows.
     *
     * @param attention when to look at the request, which is pending again
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

    /** @return why an approval lapsed, for a person */
    public String lapseReason() {
        return "Approved on " + closedAt().orElseThrow() + " and not carried out within "
                + waiting().validFor() + ".";
    }

    /** Ends decisions and opens their stages, about which the approvers are asked again. */
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

    /** Closes the request, which is looked at again when it lapses, if it may. */
    private Approval closed(ApprovalStatus status, Instant at) {
        Approval closed =
                with(progress.with(progress.outcome().closed(status, at)).withStuckReason(Optional.empty()));
        return closed.withAttention(closed.validUntil());
    }

    /**
     * Notes that the process goes on to carry the request out.
     *
     * @param contentHash the hash of what is to be carried out
     * @throws NotApproved unless exactly this content was approved in full, not cancelled, and that did not lapse
     */
    public Approval release(String contentHash, Instant now) {
        requireApproved(contentHash, now);
        return with(progress.with(progress.outcome().released(now)));
    }

    /**
     * Notes that the first write to the target is committed to.
     *
     * @param contentHash the hash of what is about to be carried out
     * @throws NotApproved unless exactly this content was approved in full, not cancelled, and that did not lapse
     *     before the first write
     */
    public Approval carryOut(String contentHash, Instant now) {
        requireApproved(contentHash, now);
        return carriedOutAt().isPresent()
                ? this
                : with(progress.with(progress.outcome().carriedOut(now))
                        .withStuckReason(Optional.empty())
                        .withAttention(Optional.empty()));
    }

    /** Notes whether, and why, nobody can decide the open stage. */
    public ApprovalChange stuck(Optional<String> reason) {
        return ApprovalChange.of(
                with(progress.withStuckReason(reason)),
                reason.<ApprovalEvent>map(why -> new ApprovalEvent.Stuck(id(), why))
                        .orElseGet(() -> new ApprovalEvent.NoLongerStuck(id())));
    }

    /** Notes that the process is gone, and with it every task: nobody is asked for anything any more. */
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
     * Notes that those whom the open stage waits for are reminded.
     *
     * @throws Conflict if no stage is open
     */
    public ApprovalChange remind(Instant now) {
        return ApprovalChange.of(
                with(progress.with(is(requireOpen()), stage -> stage.reminded(now))),
                new ApprovalEvent.Reminded(id(), now));
    }

    /**
     * Notes that others are asked too to decide the open stage.
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

    /** @return the name of that thing for people */
    public String entityName() {
        return header.entityName();
    }

    /** @return what is asked for, such as {@code create} */
    public String action() {
        return header.action();
    }

    /** @return where the policy holds and whose members decide */
    public Scope scope() {
        return header.scope();
    }

    /** @return how far it is */
    public ApprovalStatus status() {
        return progress.outcome().status();
    }

    /** @return who asks */
    public Principal submitter() {
        return header.submitter();
    }

    /** @return their team when they asked, in a project */
    public Optional<TeamId> submitterTeam() {
        return header.submitterTeam();
    }

    /** @return when they asked */
    public Instant submittedAt() {
        return header.submittedAt();
    }

    /** @return when it was approved, rejected or cancelled */
    public Optional<Instant> closedAt() {
        return progress.outcome().closedAt();
    }

    /** @return when its process went on to carry the approved change out: nothing was written yet */
    public Optional<Instant> releasedAt() {
        return progress.outcome().releasedAt();
    }

    /** @return when the first write to the target was committed to; from then on it is past cancelling */
    public Optional<Instant> carriedOutAt() {
        return progress.outcome().carriedOutAt();
    }

    /** @return what is asked for, as canonical JSON */
    public String content() {
        return requested.json();
    }

    /** @return SHA-256 of {@link #content} */
    public String contentHash() {
        return requested.hash();
    }

    /** @return what it would replace, as canonical JSON */
    public Optional<String> currentContent() {
        return requested.current();
    }

    /** @return whether nobody may decide more than one stage */
    public boolean distinctApprovers() {
        return header.distinctApprovers();
    }

    /** @return SHA-256 of the copied policy */
    public String policyHash() {
        return header.policyHash();
    }

    /** @return why nobody can decide the open stage, or that nobody was told who can; or that its process was ended */
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

    /** @return what approvers asked the submitter, oldest first */
    public List<Question> questions() {
        return progress.questions();
    }

    /** @return what the copied policy says of requests that wait long */
    public WaitingPolicy waiting() {
        return header.waiting();
    }

    /** @return the process instance that opened a stage last; empty if none ever did */
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

    /** @return whether somebody may decide it, and nobody of them was told */
    public boolean nobodyTold() {
        return stuckReason().filter(NOBODY_TOLD::equals).isPresent();
    }

    /** @return the thing that the request is about, for the trail */
    public AuditSubject auditSubject() {
        return new AuditSubject(entityType().wireName(), entityId(), entityName(), scope().toString());
    }

    /** @return whether an administrator ended its process, so that it waits for nobody and can only be cancelled */
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
     * @throws NotFound if this approval has none of that id
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

    /** @return the question that the submitter is to answer before anything is decided, if there is one */
    public Optional<Question> openQuestion() {
        return questions().stream().filter(Question::open).findFirst();
    }

    /** @return when the open stage is to ask others too; empty if it never does or did, or waits for the submitter */
    public Optional<Instant> escalationDue() {
        return openStage()
                .filter(stage -> openQuestion().isEmpty()
                        && stage.escalatedAt().isEmpty()
                        && waiting().group().isPresent())
                .flatMap(stage -> waiting().escalation().map(waitsSince(stage)::plus));
    }

    /** @return when those whom the open stage waits for were asked last: its approvers, or the submitter */
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

    /** @return until when it may be carried out; empty if it may not, was already, or may be for ever */
    public Optional<Instant> validUntil() {
        return status() == ApprovalStatus.APPROVED && carriedOutAt().isEmpty()
                ? closedAt().flatMap(closed -> waiting().validity().map(closed::plus))
                : Optional.empty();
    }

    /** @return whether it was approved and not carried out in the time that its policy allows, at a time */
    public boolean lapsed(Instant at) {
        return validUntil().filter(end -> !end.isAfter(at)).isPresent();
    }

    /** @return whether it allows what it asks for, at a time: it is approved, and that did not lapse */
    public boolean allows(Instant at) {
        return status() == ApprovalStatus.APPROVED && !lapsed(at);
    }

    /** @return whether it is to be decided again, as approvals of it ceased to stand: they lapsed or were taken back */
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
