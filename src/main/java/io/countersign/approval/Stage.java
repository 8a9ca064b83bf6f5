package io.countersign.approval;

import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A stage of an approval: the request's own copy of a policy's stage, and its decisions.
 *
 * @param id its id
 * @param policy its order and whom it asks
 * @param votes its decisions
 * @param taskId the engine's user task while the stage is open
 * @param waiting since when it has waited, with its last reminder and escalation
 */
public record Stage(StageId id, Policy.StagePolicy policy, Votes votes, Optional<String> taskId, Waiting waiting) {

    /**
     * The decisions of a stage.
     *
     * @param status the status of the stage
     * @param decisions the decisions that stand, oldest first
     * @param former the decisions that no longer stand, oldest first
     */
    public record Votes(StageStatus status, List<Decision> decisions, List<FormerDecision> former) {

        private static final Votes NONE = new Votes(StageStatus.PENDING, List.of(), List.of());

        private Votes and(Decision decision) {
            return new Votes(
                    status,
                    Stream.concat(decisions.stream(), Stream.of(decision)).toList(),
                    former);
        }

        private Votes closed(StageStatus outcome) {
            return new Votes(outcome, decisions, former);
        }

        private Votes reopened(Predicate<Decision> which, FormerDecision.Ended ended) {
            return new Votes(
                    StageStatus.PENDING,
                    decisions.stream().filter(which.negate()).toList(),
                    Stream.concat(
                                    former.stream(),
                                    decisions.stream().filter(which).map(ended::former))
                            .toList());
        }
    }

    /**
     * How long a stage waits.
     *
     * @param process the process instance that last opened it
     * @param openedAt since when it has waited, if known
     * @param remindedAt when its approvers were last reminded
     * @param escalatedAt when it escalated to the group that the policy names
     */
    public record Waiting(
            Optional<String> process,
            Optional<Instant> openedAt,
            Optional<Instant> remindedAt,
            Optional<Instant> escalatedAt) {

        /** Not yet waiting. */
        public static final Waiting NONE =
                new Waiting(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private Waiting opened(String instance, Instant at) {
            return new Waiting(Optional.of(instance), openedAt.or(() -> Optional.of(at)), remindedAt, escalatedAt);
        }

        private Waiting ended() {
            return new Waiting(process, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** A stage whose decisions all stand. */
    public Stage(
            StageId id,
            int order,
            Permission requiredPermission,
            TeamScope teamScope,
            int minApprovers,
            StageStatus status,
            Optional<String> taskId,
            List<Decision> decisions) {
        this(
                id,
                new Policy.StagePolicy(order, requiredPermission, teamScope, minApprovers),
                new Votes(status, decisions, List.of()),
                taskId,
                Waiting.NONE);
    }

    /** @return a new stage as defined by a policy */
    public static Stage of(Policy.StagePolicy policy) {
        return new Stage(new StageId(UUID.randomUUID()), policy, Votes.NONE, Optional.empty(), Waiting.NONE);
    }

    /** This stage with its user task, waiting since the given time unless it already waited. */
    Stage opened(String task, String process, Instant at) {
        return new Stage(id, policy, votes, Optional.of(task), waiting.opened(process, at));
    }

    /** This stage without its user task. */
    Stage withoutTask() {
        return new Stage(id, policy, votes, Optional.empty(), waiting);
    }

    /** This stage with one more decision, which closes it if it is a rejection or no further approver is needed. */
    Stage decided(Decision decision) {
        Votes next = votes.and(decision);
        if (decision.kind() == DecisionKind.REJECT) {
            return new Stage(id, policy, next.closed(StageStatus.REJECTED), Optional.empty(), waiting);
        }
        return approversMissing() == 1
                ? new Stage(id, policy, next.closed(StageStatus.APPROVED), Optional.empty(), waiting)
                : new Stage(id, policy, next, taskId, waiting);
    }

    /** This stage, reopened without the ended decisions. */
    Stage reopened(Predicate<Decision> which, FormerDecision.Ended ended) {
        return new Stage(id, policy, votes.reopened(which, ended), Optional.empty(), waiting.ended());
    }

    Stage reminded(Instant at) {
        return new Stage(
                id,
                policy,
                votes,
                taskId,
                new Waiting(waiting.process(), waiting.openedAt(), Optional.of(at), escalatedAt()));
    }

    Stage escalated(Instant at) {
        return new Stage(
                id,
                policy,
                votes,
                taskId,
                new Waiting(waiting.process(), waiting.openedAt(), remindedAt(), Optional.of(at)));
    }

    /** @return its place, from 1 */
    public int order() {
        return policy.order();
    }

    /** @return the permission that a person needs to decide it */
    public Permission requiredPermission() {
        return policy.requiredPermission();
    }

    /** @return whose team may decide it */
    public TeamScope teamScope() {
        return policy.teamScope();
    }

    /** @return how many distinct people must approve it */
    public int minApprovers() {
        return policy.minApprovers();
    }

    /** @return its status */
    public StageStatus status() {
        return votes.status();
    }

    /** @return the decisions that stand, oldest first */
    public List<Decision> decisions() {
        return votes.decisions();
    }

    /** @return the decisions that no longer stand, oldest first */
    public List<FormerDecision> former() {
        return votes.former();
    }

    /** @return since when it has waited, if known */
    public Optional<Instant> openedAt() {
        return waiting.openedAt();
    }

    /** @return when its approvers were last reminded */
    public Optional<Instant> remindedAt() {
        return waiting.remindedAt();
    }

    /** @return when it escalated to the group that the policy names */
    public Optional<Instant> escalatedAt() {
        return waiting.escalatedAt();
    }

    /** @return the standing decision that counts as this person's: their own, or one on their behalf */
    public Optional<Decision> decisionOf(UserId person) {
        return decisions().stream()
                .filter(decision -> decision.countsFor(person))
                .findFirst();
    }

    /** @return whether a decision here counts as this person's */
    public boolean decidedBy(UserId person) {
        return decisionOf(person).isPresent();
    }

    /** @return how many more people must approve before the stage is approved */
    public int approversMissing() {
        return status() == StageStatus.PENDING ? minApprovers() - decisions().size() : 0;
    }
}
