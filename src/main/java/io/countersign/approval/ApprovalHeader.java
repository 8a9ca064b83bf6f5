package io.countersign.approval;

import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import java.time.Instant;
import java.util.Optional;

/**
 * What never changes of a request once it is submitted.
 *
 * @param id its id
 * @param entityType the kind of thing it is about
 * @param entityId which one
 * @param entityName its name for people
 * @param action what is asked for, such as {@code create}
 * @param scope where the policy holds and whose members decide
 * @param submitter who asks
 * @param submitterTeam their team when they asked, in a project
 * @param submittedAt when they asked
 * @param distinctApprovers whether nobody may decide more than one stage
 * @param policyHash SHA-256 of the copied policy
 * @param waiting what the copied policy says of requests that wait long
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
