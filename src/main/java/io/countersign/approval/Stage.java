package io.countersign.approval;

import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A stage of an approval: the request's own copy of a policy's stage, and what was decided.
 *
 * @param id its id
 * @param order its place, from 1
 * @param requiredPermission what a person needs to decide it
 * @param teamScope whose team may decide it
 * @param minApprovers how many distinct people must approve it
 * @param status how far it is
 * @param taskId the engine's user task while the stage is open
 * @param decisions what was decided and stands, oldest first
 * @param former what was decided and does not stand any more, oldest first
 * @param openedAt since when it waits, as far as that is known
 * @param remindedAt when its approvers were reminded last
 * @param escalatedAt when the group that the policy names was asked too
 */
public record Stage(
        StageId id,
        int order,
        Permission requiredPermission,
        TeamScope teamScope,
        int minApprovers,
        StageStatus status,
        Optional<String> taskId,
        List<Decision> decisions,
        List<FormerDecision> former,
        Optional<Instant> openedAt,
        Optional<Instant> remindedAt,
        Optional<Instant> escalatedAt) {

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
                order,
                requiredPermission,
                teamScope,
                minApprovers,
                status,
                taskId,
                decisions,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @return a new stage, as a policy asks for it */
    public static Stage of(Policy.StagePolicy policy) {
        return new Stage(
                new StageId(UUID.randomUUID()),
                policy.order(),
                policy.requiredPermission(),
                policy.teamScope(),
                policy.minApprovers(),
                StageStatus.PENDING,
                Optional.empty(),
                List.of());
    }

    /** @return this stage with its user task, waiting since a time unless it waited before */
    public Stage opened(String task, Instant at) {
        return with(status, Optional.of(task), decisions, openedAt.or(() -> Optional.of(at)));
    }

    /** @return this stage with one more decision */
    public Stage decided(Decision decision) {
        return with(
                status,
                taskId,
                Stream.concat(decisions.stream(), Stream.of(decision)).toList(),
                openedAt);
    }

    /** @return this stage when it needs no further person */
    public Stage closed(StageStatus outcome) {
        return with(outcome, Optional.empty(), decisions, openedAt);
    }

    private Stage with(
            StageStatus status, Optional<String> taskId, List<Decision> decisions, Optional<Instant> openedAt) {
        return new Stage(
                id,
                order,
                requiredPermission,
                teamScope,
                minApprovers,
                status,
                taskId,
                decisions,
                former,
                openedAt,
                remindedAt,
                escalatedAt);
    }

    /** @return the standing decision that counts as this person's: their own, or one in their place */
    public Optional<Decision> decisionOf(UserId person) {
        return decisions.stream().filter(decision -> decision.countsFor(person)).findFirst();
    }

    /** @return whether a decision here counts as this person's */
    public boolean decidedBy(UserId person) {
        return decisionOf(person).isPresent();
    }

    /** @return how many more people must approve before the stage is approved */
    public int approversMissing() {
        return status == StageStatus.PENDING ? minApprovers - decisions.size() : 0;
    }
}
