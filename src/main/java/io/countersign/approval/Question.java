package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A question by which an approver hands a request back to its submitter without ending it. Nothing is decided until it
 * is answered or withdrawn; then the same stage is open again.
 *
 * @param id its id
 * @param stage the stage that was open
 * @param askedBy the approver
 * @param onBehalfOf the absent approver in whose place they asked, if they stood in for one
 * @param askedAt when
 * @param text what they want to know
 * @param taskId the engine's user task while it is open
 * @param closedAt when it was answered or withdrawn
 * @param closedBy by whom
 * @param answer what the submitter said; empty while it is open, or if it was withdrawn
 */
public record Question(
        UUID id,
        StageId stage,
        UserId askedBy,
        Optional<UserId> onBehalfOf,
        Instant askedAt,
        String text,
        Optional<String> taskId,
        Optional<Instant> closedAt,
        Optional<UserId> closedBy,
        Optional<String> answer) {

    /** @return whether the submitter is still to answer */
    public boolean open() {
        return closedAt.isEmpty();
    }
}
