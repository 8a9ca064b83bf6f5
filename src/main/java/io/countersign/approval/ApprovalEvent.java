package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.UUID;

/** The events of a request. Each one is published in the transaction that records it. */
public sealed interface ApprovalEvent {

    /** @return the request that the event is about */
    ApprovalId approval();

    /**
     * A pending request was approved, rejected or cancelled, or an approved one was cancelled before it was carried
     * out.
     */
    record Closed(ApprovalId approval, ApprovalStatus status) implements ApprovalEvent {}

    /** An approval expired before it was carried out. The request is pending again. */
    record Lapsed(ApprovalId approval, String reason) implements ApprovalEvent {}

    /**
     * An approved request that was not carried out is pending again: it expired, or an approval was taken back.
     * Listeners stop carrying it out.
     */
    record Reopened(ApprovalId approval, String reason) implements ApprovalEvent {}

    /**
     * A pending request was cancelled after an administrator had ended its process. Listeners do what the process would
     * have done at its end, unless it is already done.
     */
    record CancelledWithoutProcess(ApprovalId approval) implements ApprovalEvent {}

    /**
     * A decision was recorded.
     *
     * @param request the request as it was before the decision
     * @param outcome its status after the decision: pending while more decisions are needed
     */
    record StageDecided(Approval request, Decision decision, ApprovalStatus outcome) implements ApprovalEvent {

        @Override
        public ApprovalId approval() {
            return request.id();
        }
    }

    /**
     * A decision was taken back and its stage is open again.
     *
     * @param stageOrder which stage, from 1
     * @param decision the decision that no longer holds
     */
    record TakenBack(ApprovalId approval, int stageOrder, Decision decision, UserId by, String reason)
            implements ApprovalEvent {}

    /** An approver asked the submitter a question. */
    record QuestionAsked(ApprovalId approval, Question question) implements ApprovalEvent {}

    /** A question was answered or withdrawn. */
    record QuestionClosed(ApprovalId approval, UUID question) implements ApprovalEvent {}

    /** Nobody can decide the open stage, or nobody who can was notified. */
    record Stuck(ApprovalId approval, String reason) implements ApprovalEvent {}

    /** A stuck request can be decided again. */
    record NoLongerStuck(ApprovalId approval) implements ApprovalEvent {}

    /** A reminder is due for the people the open stage waits for: its approvers, or the submitter. */
    record Reminded(ApprovalId approval, Instant at) implements ApprovalEvent {}

    /** The open stage waited so long that the group named in its policy is asked too. */
    record StageEscalated(ApprovalId approval, Instant at) implements ApprovalEvent {}

    /**
     * A comment was added to a request.
     *
     * @param number identifies the comment
     */
    record CommentAdded(ApprovalId approval, long number, UserId author, String text) implements ApprovalEvent {}
}
