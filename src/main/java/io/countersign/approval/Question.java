package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A question with which an approver hands a request back to its submitter without ending it. No decision is possible
 * until it is answered or withdrawn; then the same stage reopens.
 *
 * @param id its id
 * @param stage the stage that was open
 * @param askedBy the approver
 * @param onBehalfOf the absent approver on whose behalf they asked, if they stood in for one
 * @param askedAt when
 * @param text the question
 * @param taskId the engine's user task while it is open
 * @param closedAt when it was answered or withdrawn
 * @param closedBy by whom
 * @param answer the submitter's answer; empty while it is open, or if it was withdrawn
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

    /** This question, closed; without an answer if it is withdrawn. */
    Question closed(Instant at, Optional<UserId> by, Optional<String> said) {
        return new Question(id, stage, askedBy, onBehalfOf, askedAt, text, Optional.empty(), Optional.of(at), by, said);
    }

    /** @return whether it still waits for the submitter's answer */
    public boolean open() {
        return closedAt.isEmpty();
    }
}
