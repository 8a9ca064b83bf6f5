package io.countersign.approval.deciding;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageTasks;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.audit.AuditAction;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.transaction.RepeatableTransaction;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * Forwards decisions of the signed-in person from our own clients to the only place that takes them: completion of the
 * stage's user task. Applies no rules. Each action runs in one transaction that locks the approval first and is retried
 * on concurrent modification, such as a claim of the task.
 */
@Component
public class Decisions {

    private final Approvals approvals;
    private final DecisionRights rights;
    private final StageTasks tasks;
    private final RefusedDecisions refused;
    private final RepeatableTransaction transaction;

    Decisions(
            Approvals approvals,
            DecisionRights rights,
            StageTasks tasks,
            RefusedDecisions refused,
            RepeatableTransaction transaction) {
        this.approvals = approvals;
        this.rights = rights;
        this.tasks = tasks;
        this.refused = refused;
        this.transaction = transaction;
    }

    /**
     * Decides a stage.
     *
     * @param stageId a stage of the approval
     * @param comment the reason; required for a rejection and an override
     * @param seenHash the content hash that the person was shown, if the client names it
     * @return the approval after the decision
     * @throws Forbidden with the rule's code if a rule about the person refuses
     * @throws Conflict with the rule's code if the request's state refuses
     * @throws InvalidInput if a required comment is missing
     * @throws NotFound if there is no such approval or stage that the person may see
     */
    public Approval decide(
            ApprovalId id, StageId stageId, DecisionKind kind, String comment, Optional<String> seenHash) {
        return deciding(id, Optional.of(stageId), (person, approval) -> {
            Stage stage = approval.stage(stageId);
            String task = stage.taskId()
                    .orElseThrow(() -> rights.verdict(approval, stage, person).problem());
            tasks.complete(task, kind, comment, seenHash);
        });
    }

    /**
     * Decides the open stage of a stuck approval, as a superadmin.
     *
     * @param reason why the rules are overridden; never blank
     * @param seenHash the content hash that the person was shown, if the client names it
     * @return the approval after the decision
     * @throws Forbidden with the rule's code if the person may not override
     * @throws Conflict with {@code not_stuck} if someone could decide, or with another code if the state refuses
     * @throws InvalidInput if the reason is missing
     */
    public Approval override(ApprovalId id, DecisionKind kind, String reason, Optional<String> seenHash) {
        return deciding(id, Optional.empty(), (person, approval) -> {
            Verdict verdict = rights.overrideVerdict(approval, person);
            if (!verdict.allowed()) {
                throw verdict.problem();
            }
            if (reason == null || reason.isBlank()) {
                throw new InvalidInput("reason", "must say why the rules are overridden");
            }
            tasks.complete(approval.openStage().orElseThrow().taskId().orElseThrow(), kind, reason, seenHash);
        });
    }

    /**
     * Cancels a request that is pending, or approved and not yet carried out.
     *
     * @return the approval after the cancellation
     * @throws NotFound if there is no such approval that the person may see
     * @throws Forbidden with {@code missing_permission} unless they are its submitter, an owner or an admin; or a
     *     superadmin if its process was ended
     * @throws Conflict with {@code wrong_state} if it is rejected, cancelled or carried out already
     */
    public Approval cancel(ApprovalId id) {
        return undoing(id, AuditAction.REFUSE_CANCEL, person -> approvals.cancel(person, id));
    }

    /**
     * Takes back an approval that the signed-in person gave, or that a stand-in gave on their behalf, while later
     * stages are open.
     *
     * @param reason why; never blank
     * @return the approval, with the stage reopened
     * @throws NotFound if there is no such approval or stage that the person may see
     * @throws Forbidden with {@code not_your_decision} if it is not theirs
     * @throws Conflict with {@code later_stage_decided} or {@code already_decided}
     * @throws InvalidInput if the reason is blank or too long
     */
    public Approval takeBack(ApprovalId id, StageId stage, String reason) {
        return undoing(id, AuditAction.REFUSE_TAKE_BACK, person -> approvals.takeBack(person, id, stage, reason));
    }

    /**
     * Hands a request back to its submitter with a question, without ending it.
     *
     * @param stageId the open stage
     * @param question the signed-in person's question; never blank
     * @return the approval, waiting for its submitter
     * @throws Forbidden with the rule's code if the person may not decide the stage
     * @throws Conflict with the rule's code if the request's state refuses
     * @throws InvalidInput if the question is blank or too long
     * @throws NotFound if there is no such approval or stage that the person may see
     */
    public Approval ask(ApprovalId id, StageId stageId, String question) {
        return deciding(id, Optional.of(stageId), (person, approval) -> {
            Stage stage = approval.stage(stageId);
            Verdict verdict = rights.verdict(approval, stage, person);
            if (!verdict.allowed() || stage.taskId().isEmpty()) {
                throw verdict.problem();
            }
            if (question == null || question.isBlank()) {
                throw new InvalidInput("question", "must say what you want to know");
            }
            tasks.ask(stage.taskId().get(), question);
        });
    }

    /**
     * Answers the open question, as the submitter.
     *
     * @param answer never blank
     * @return the approval, with its stage reopened
     * @throws Forbidden unless the signed-in person submitted the request
     * @throws Conflict with {@code no_question} if none is open
     * @throws InvalidInput if the answer is blank or too long
     * @throws NotFound if there is no such approval that the person may see
     */
    public Approval answer(ApprovalId id, String answer) {
        return held(id, (person, approval) -> {
            Verdict verdict = ApprovalRules.mayAnswer(approval, person);
            if (!verdict.allowed()) {
                throw verdict.problem();
            }
            tasks.answer(questionTask(approval), answer);
        });
    }

    /**
     * Withdraws the open question, as its author, a person who may decide the stage, or a superadmin.
     *
     * @return the approval, with its stage reopened
     * @throws Forbidden with the rule's code for anyone else; the submitter answers instead
     * @throws Conflict with {@code no_question} if none is open
     * @throws NotFound if there is no such approval that the person may see
     */
    public Approval withdrawQuestion(ApprovalId id) {
        return held(id, (person, approval) -> {
            if (approval.openQuestion().isPresent() && !rights.mayWithdrawQuestion(approval, person)) {
                throw new Forbidden(
                        ErrorCode.MISSING_PERMISSION, "Only approvers withdraw a question; the submitter answers it.");
            }
            tasks.answer(questionTask(approval), null);
        });
    }

    private static String questionTask(Approval approval) {
        return approval.openQuestion()
                .flatMap(Question::taskId)
                .orElseThrow(() -> new Conflict(Refusal.NO_QUESTION.code(), "There is no open question."));
    }

    /** Also records refusals that come before the task is completed. */
    private Approval deciding(ApprovalId id, Optional<StageId> stage, BiConsumer<UserId, Approval> deed) {
        return held(id, (person, approval) -> {
            try {
                deed.accept(person, approval);
            } catch (Forbidden | Conflict refusal) {
                stage.map(approval::stage)
                        .or(approval::openStage)
                        .ifPresent(wanted -> refused.note(approval, wanted, refusal));
                throw refusal;
            }
        });
    }

    private Approval undoing(ApprovalId id, AuditAction refusedAs, Consumer<UserId> deed) {
        return held(id, (person, approval) -> {
            try {
                deed.accept(person);
            } catch (Forbidden | Conflict refusal) {
                refused.note(refusedAs, approval, refusal);
                throw refusal;
            }
        });
    }

    /** @return the approval after the action */
    private Approval held(ApprovalId id, BiConsumer<UserId, Approval> deed) {
        UserId person = CurrentUser.get();
        return transaction.execute(() -> {
            deed.accept(person, approvals.holdVisible(person, id));
            return approvals.get(id);
        });
    }
}
