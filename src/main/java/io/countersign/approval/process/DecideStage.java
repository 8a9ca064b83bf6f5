package io.countersign.approval.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.deciding.DecisionRecorder;
import io.countersign.approval.deciding.RefusedDecisions;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.springframework.stereotype.Component;

/**
 * The listener of the user task "Decide stage": the one door. Whichever client completes the task, the rules are
 * applied and the decision is recorded here, in the name of the signed-in person.
 */
@Component
class DecideStage implements TaskListener {

    private final DecisionRecorder recorder;
    private final DecisionForm form;
    private final RefusedDecisions refused;

    DecideStage(DecisionRecorder recorder, DecisionForm form, RefusedDecisions refused) {
        this.recorder = recorder;
        this.refused = refused;
        this.form = form;
    }

    @Override
    public void notify(DelegateTask task) {
        ApprovalId approval = ApprovalProcess.approvalId(task);
        int left = ApprovalGateways.left(task.getExecution());
        switch (task.getEventName()) {
            case EVENTNAME_CREATE -> {
                recorder.stageOpened(approval, left, task.getId(), task.getProcessInstanceId());
                form.fill(task, approval, left);
            }
            case EVENTNAME_COMPLETE -> {
                try {
                    complete(task, approval, left);
                } catch (Forbidden | Conflict refusal) {
                    refused.note(approval, left, refusal);
                    throw refusal;
                }
            }
            default -> throw new IllegalStateException("Unexpected task event " + task.getEventName());
        }
    }

    private void complete(DelegateTask task, ApprovalId approval, int left) {
        UserId person = CurrentUser.get();
        Optional<String> seenHash = seenHash(task);
        form.requireUntouched(task, approval);
        String comment = filled(task, ApprovalProcess.COMMENT).orElse(null);
        if (filled(task, ApprovalProcess.DECISION)
                .filter(ApprovalProcess.ASK::equals)
                .isPresent()) {
            requireQuestions(task);
            recorder.ask(approval, left, person, comment);
        } else {
            if (seenHash.isEmpty()) {
                form.requireAllShown(approval);
            }
            recorder.decide(approval, left, person, decision(task), comment, seenHash);
        }
        task.setAssignee(person.value());
    }

    /** Refuses a question where the stage runs on a version of the model that has no task for the answer. */
    private static void requireQuestions(DelegateTask task) {
        if (task.getBpmnModelInstance().getModelElementById(ApprovalProcess.ANSWER_QUESTION) == null) {
            throw new Conflict(ErrorCode.WRONG_STATE, "This request was submitted before questions could be asked.");
        }
    }

    private static DecisionKind decision(DelegateTask task) {
        return filled(task, ApprovalProcess.DECISION)
                .flatMap(DecisionKind::find)
                .orElseThrow(
                        () -> new InvalidInput(ApprovalProcess.DECISION, "must be \"approve\", \"reject\" or \"ask\""));
    }

    /** What is there and is no hash is not taken for none: whoever sent it meant to name what they saw. */
    private static Optional<String> seenHash(DelegateTask task) {
        if (task.getVariable(ApprovalProcess.CONTENT_HASH_OF_REST) != null) {
            throw new InvalidInput(
                    ApprovalProcess.CONTENT_HASH_OF_REST, "must be named " + ApprovalProcess.CONTENT_HASH + " here");
        }
        return DecisionForm.text(task, ApprovalProcess.CONTENT_HASH);
    }

    private static Optional<String> filled(DelegateTask task, String variable) {
        return DecisionForm.text(task, variable).filter(text -> !text.isBlank());
    }
}
