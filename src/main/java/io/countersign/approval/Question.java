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

    /** @return a question that waits for its user task */
    public static Question asked(StageId stage, UserId by, Optional<UserId> onBehalfOf, Instant at, String text) {
        return new Question(
                UUID.randomUUID(),
                stage,
                by,
                onBehalfOf,
                at,
                text,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** This question with its user task. */
    Question opened(String task) {
        return new Question(
                id, stage, askedBy, onBehalfOf, askedAt, text, Optional.of(task), closedAt, closedBy, answer);
    }

    /** This question when nobody is to answer it any more; without an answer if it is withdrawn. */
    Question closed(Instant at, Optional<UserId> by, Optional<String> said) {
        return new Question(id, stage, askedBy, onBehalfOf, askedAt, text, Optional.empty(), Optional.of(at), by, said);
    }

    /** @return whether the submitter is still to answer */
    public boolean open() {
        return closedAt.isEmpty();
    }
}
