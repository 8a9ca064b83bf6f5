package io.countersign.approval;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The progress of a request.
 *
 * @param outcome its status, and since when
 * @param stuckReason why no one can decide the open stage, or that no one who can was notified, or that its process was
 *     ended
 * @param attention when the sweep checks it next, if ever
 * @param stages its stages, in order
 * @param round how often the approvers were asked again: after an answer, or when approvals lapsed or were taken back
 * @param questions the approvers' questions to the submitter, oldest first
 */
public record ApprovalProgress(
        Outcome outcome,
        Optional<String> stuckReason,
        Optional<Instant> attention,
        List<Stage> stages,
        int round,
        List<Question> questions) {

    /**
     * The status of a request as a whole.
     *
     * @param status its status
     * @param closedAt when it was approved, rejected or cancelled
     * @param releasedAt when its process proceeded to carry it out; nothing was written yet
     * @param carriedOutAt when the first write to the target was committed to; it cannot be cancelled after that
     */
    public record Outcome(
            ApprovalStatus status,
            Optional<Instant> closedAt,
            Optional<Instant> releasedAt,
            Optional<Instant> carriedOutAt) {

        /** Waits for decisions. */
        public static final Outcome PENDING =
                new Outcome(ApprovalStatus.PENDING, Optional.empty(), Optional.empty(), Optional.empty());

        Outcome closed(ApprovalStatus status, Instant at) {
            return new Outcome(status, Optional.of(at), releasedAt, carriedOutAt);
        }

        Outcome released(Instant at) {
            return new Outcome(status, closedAt, releasedAt.or(() -> Optional.of(at)), carriedOutAt);
        }

        Outcome carriedOut(Instant at) {
            return new Outcome(status, closedAt, releasedAt.or(() -> Optional.of(at)), Optional.of(at));
        }
    }

    /** The progress of a request that waits for the decision of its first stage. */
    public ApprovalProgress(List<Stage> stages) {
        this(Outcome.PENDING, Optional.empty(), Optional.empty(), stages, 0, List.of());
    }

    ApprovalProgress with(Outcome next) {
        return new ApprovalProgress(next, stuckReason, attention, stages, round, questions);
    }

    ApprovalProgress withStuckReason(Optional<String> reason) {
        return new ApprovalProgress(outcome, reason, attention, stages, round, questions);
    }

    ApprovalProgress withAttention(Optional<Instant> at) {
        return new ApprovalProgress(outcome, stuckReason, at, stages, round, questions);
    }

    /** Changes stages. */
    ApprovalProgress with(Predicate<Stage> which, UnaryOperator<Stage> change) {
        return new ApprovalProgress(
                outcome,
                stuckReason,
                attention,
                stages.stream()
                        .map(stage -> which.test(stage) ? change.apply(stage) : stage)
                        .toList(),
                round,
                questions);
    }

    ApprovalProgress with(Question question) {
        return withQuestions(
                Stream.concat(questions.stream(), Stream.of(question)).toList());
    }

    /** Changes the open question, if there is one. */
    ApprovalProgress withOpenQuestion(UnaryOperator<Question> change) {
        return withQuestions(questions.stream()
                .map(question -> question.open() ? change.apply(question) : question)
                .toList());
    }

    private ApprovalProgress withQuestions(List<Question> next) {
        return new ApprovalProgress(outcome, stuckReason, attention, stages, round, next);
    }

    ApprovalProgress nextRound() {
        return new ApprovalProgress(outcome, stuckReason, attention, stages, round + 1, questions);
    }
}
