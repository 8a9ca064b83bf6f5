package io.countersign.approval;

import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import java.time.Instant;
import java.util.Optional;

/**
 * The immutable part of a submitted request.
 *
 * @param id its id
 * @param entityType the kind of thing it is about
 * @param entityId the id of that thing
 * @param entityName its display name
 * @param action the requested action, such as {@code create}
 * @param scope the scope of the policy, whose members decide
 * @param submitter who submitted it
 * @param submitterTeam the submitter's team at submission, in a project
 * @param submittedAt when it was submitted
 * @param distinctApprovers whether each person may decide at most one stage
 * @param policyHash SHA-256 of the copied policy
 * @param waiting the copied policy's settings for requests that wait long
 */
public record ApprovalHeader(
        ApprovalId id,
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        Scope scope,
        Principal submitter,
        Optional<TeamId> submitterTeam,
        Instant submittedAt,
        boolean distinctApprovers,
        String policyHash,
        WaitingPolicy waiting) {

    static ApprovalHeader of(ApprovalId id, Submission submission, Optional<TeamId> team, Instant now) {
        Policy policy = submission.policy().copied();
        return new ApprovalHeader(
                id,
                submission.entityType(),
                submission.entityId(),
                submission.entityName(),
                submission.action(),
                submission.scope(),
                submission.submitter(),
                team,
                now,
                policy.distinctApprovers(),
                policy.hash(),
                policy.waiting());
    }
}
