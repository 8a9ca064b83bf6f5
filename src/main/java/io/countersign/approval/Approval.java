package io.countersign.approval;

import io.countersign.api.problem.NotFound;
import io.countersign.audit.AuditSubject;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A request that people must agree to, as recorded.
 *
 * @param id its id
 * @param entityType the kind of thing it is about
 * @param entityId which one
 * @param entityName its name for people
 * @param action what is asked for, such as {@code create}
 * @param scope where the policy holds and whose members decide
 * @param status how far it is
 * @param submitter who asks
 * @param submitterTeam their team when they asked, in a project
 * @param submittedAt when they asked
 * @param closedAt when it was approved, rejected or cancelled
 * @param releasedAt when its process went on to carry the approved change out: nothing was written yet
 * @param carriedOutAt when the first write to the target was committed to; from then on it is past cancelling
 * @param content what is asked for, as canonical JSON
 * @param contentHash SHA-256 of {@code content}
 * @param currentContent what it would replace, as canonical JSON
 * @param distinctApprovers whether nobody may decide more than one stage
 * @param policyHash SHA-256 of the copied policy
 * @param stuckReason why nobody can decide the open stage, or that nobody was told who can; or that its process was
 *     ended
 * @param stages its stages, in order
 * @param round how often the approvers were asked anew: after an answer, or when approvals ceased to stand
 * @param questions what approvers asked the submitter, oldest first
 * @param waiting what the copied policy says of requests that wait long
 */
public record Approval(
        ApprovalId id,
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        Scope scope,
        ApprovalStatus status,
        Principal submitter,
        Optional<TeamId> submitterTeam,
        Instant submittedAt,
        Optional<Instant> closedAt,
        Optional<Instant> releasedAt,
        Optional<Instant> carriedOutAt,
        String content,
        String contentHash,
        Optional<String> currentContent,
        boolean distinctApprovers,
        String policyHash,
        Optional<String> stuckReason,
        List<Stage> stages,
        int round,
        List<Question> questions,
        WaitingPolicy waiting) {

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

    /** An approval that never came back from a later stage or from its submitter. */
    public Approval(
            ApprovalId id,
            EntityType entityType,
            String entityId,
            String entityName,
            String action,
            Scope scope,
            ApprovalStatus status,
            Principal submitter,
            Optional<TeamId> submitterTeam,
            Instant submittedAt,
            Optional<Instant> closedAt,
            Optional<Instant> carriedOutAt,
            String content,
            String contentHash,
            Optional<String> currentContent,
            boolean distinctApprovers,
            String policyHash,
            Optional<String> stuckReason,
            List<Stage> stages) {
        this(
                id,
                entityType,
                entityId,
                entityName,
                action,
                scope,
                status,
                submitter,
                submitterTeam,
                submittedAt,
                closedAt,
                Optional.empty(),
                carriedOutAt,
                content,
                contentHash,
                currentContent,
                distinctApprovers,
                policyHash,
                stuckReason,
                stages,
                0,
                List.of(),
                WaitingPolicy.NONE);
    }

    /** @return this approval with one of its stages changed */
    public Approval with(StageId changed, UnaryOperator<Stage> change) {
        return with(
                status,
                closedAt,
                releasedAt,
                carriedOutAt,
                stuckReason,
                stages.stream()
                        .map(stage -> stage.id().equals(changed) ? change.apply(stage) : stage)
                        .toList());
    }

    /** @return this approval when it waits for nobody any more */
    public Approval closed(ApprovalStatus outcome, Instant at) {
        return with(outcome, Optional.of(at), releasedAt, carriedOutAt, Optional.empty(), stages);
    }

    /** @return this approval when its process goes on to carry it out */
    public Approval released(Instant at) {
        return with(status, closedAt, Optional.of(at), carriedOutAt, stuckReason, stages);
    }

    /** @return this approval when the first write to the target is committed to */
    public Approval carriedOut(Instant at) {
        return with(status, closedAt, releasedAt.or(() -> Optional.of(at)), Optional.of(at), Optional.empty(), stages);
    }

    private Approval with(
            ApprovalStatus status,
            Optional<Instant> closedAt,
            Optional<Instant> releasedAt,
            Optional<Instant> carriedOutAt,
            Optional<String> stuckReason,
            List<Stage> stages) {
        return new Approval(
                id,
                entityType,
                entityId,
                entityName,
                action,
                scope,
                status,
                submitter,
                submitterTeam,
                submittedAt,
                closedAt,
                releasedAt,
                carriedOutAt,
                content,
                contentHash,
                currentContent,
                distinctApprovers,
                policyHash,
                stuckReason,
                stages,
                round,
                questions,
                waiting);
    }

    /** @return whether it asks for something of this kind */
    public boolean isAbout(EntityType type) {
        return entityType.equals(type);
    }

    /** @return the first stage not yet decided, while the approval is pending */
    public Optional<Stage> openStage() {
        return status == ApprovalStatus.PENDING
                ? stages.stream()
                        .filter(stage -> stage.status() == StageStatus.PENDING)
                        .findFirst()
                : Optional.empty();
    }

    /** @return whether it is pending, or approved and not yet carried out */
    public boolean unfinished() {
        return status == ApprovalStatus.PENDING || status == ApprovalStatus.APPROVED && carriedOutAt.isEmpty();
    }

    /** @return whether somebody may decide it, and nobody of them was told */
    public boolean nobodyTold() {
        return stuckReason.filter(NOBODY_TOLD::equals).isPresent();
    }

    /** @return the thing that the request is about, for the trail */
    public AuditSubject auditSubject() {
        return new AuditSubject(entityType.wireName(), entityId, entityName, scope.toString());
    }

    /** @return whether an administrator ended its process, so that it waits for nobody and can only be cancelled */
    public boolean processEnded() {
        return stuckReason.filter(PROCESS_ENDED::equals).isPresent();
    }

    /**
     * @param order a stage's place, from 1
     * @return the stage
     * @throws IllegalArgumentException if there is no such stage
     */
    public Stage stage(int order) {
        return stages.stream()
                .filter(stage -> stage.order() == order)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No stage " + order + " in approval " + id));
    }

    /**
     * @return the stage
     * @throws NotFound if this approval has none of that id
     */
    public Stage stage(StageId stageId) {
        return stages.stream()
                .filter(stage -> stage.id().equals(stageId))
                .findFirst()
                .orElseThrow(() -> new NotFound("stage", stageId.toString()));
    }

    /** @return the stage that an engine's user task stands for; empty if the stage is decided or waits for an answer */
    public Optional<Stage> stageOfTask(String taskId) {
        return stages.stream()
                .filter(stage -> stage.taskId().filter(taskId::equals).isPresent())
                .findFirst();
    }

    /** @return the question that the submitter is to answer before anything is decided, if there is one */
    public Optional<Question> openQuestion() {
        return questions.stream().filter(Question::open).findFirst();
    }

    /** @return when the open stage is to ask others too; empty if it never does or did, or waits for the submitter */
    public Optional<Instant> escalationDue() {
        return openStage()
                .filter(stage -> openQuestion().isEmpty()
                        && stage.escalatedAt().isEmpty()
                        && waiting.group().isPresent())
                .flatMap(stage -> waiting.escalation().map(waitsSince(stage)::plus));
    }

    /** @return when those whom the open stage waits for were asked last: its approvers, or the submitter */
    public Optional<Instant> askedLast() {
        return openStage()
                .flatMap(stage -> Stream.of(
                                Stream.of(waitsSince(stage)),
                                stage.remindedAt().stream(),
                                questions.stream()
                                        .map(question -> question.closedAt().orElse(question.askedAt())))
                        .flatMap(Function.identity())
                        .max(Instant::compareTo));
    }

    private Instant waitsSince(Stage stage) {
        return stage.openedAt().orElse(submittedAt);
    }

    /** @return the policy that this request carries */
    public Policy policy() {
        return new Policy(
                stages.stream()
                        .map(stage -> new Policy.StagePolicy(
                                stage.order(), stage.requiredPermission(), stage.teamScope(), stage.minApprovers()))
                        .toList(),
                distinctApprovers,
                waiting);
    }

    /** @return until when it may be carried out; empty if it may not, was already, or may be for ever */
    public Optional<Instant> validUntil() {
        return status == ApprovalStatus.APPROVED && carriedOutAt.isEmpty()
                ? closedAt.flatMap(closed -> waiting.validity().map(closed::plus))
                : Optional.empty();
    }

    /** @return whether it was approved and not carried out in the time that its policy allows, at a time */
    public boolean lapsed(Instant at) {
        return validUntil().filter(end -> !end.isAfter(at)).isPresent();
    }

    /** @return whether it allows what it asks for, at a time: it is approved, and that did not lapse */
    public boolean allows(Instant at) {
        return status == ApprovalStatus.APPROVED && !lapsed(at);
    }

    /** @return whether it is to be decided again, as approvals of it ceased to stand: they lapsed or were taken back */
    public boolean reopened() {
        return status == ApprovalStatus.PENDING
                && stages.stream().anyMatch(stage -> !stage.former().isEmpty());
    }

    /** @return the decision that rejected this request, if one did */
    public Optional<Decision> rejection() {
        return stages.stream()
                .flatMap(stage -> stage.decisions().stream())
                .filter(decision -> decision.kind() == DecisionKind.REJECT)
                .findFirst();
    }
}
