package io.countersign.approval.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Stage;
import io.countersign.approval.deciding.DecisionRecorder;
import io.countersign.approval.deciding.RefusedDecisions;
import io.countersign.engine.process.SentVariables;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.springframework.stereotype.Component;

/**
 * The listener of the user task "Decide stage": the only place that takes decisions. Applies the rules and records the
 * decision of the signed-in person, no matter which client completes the task.
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
        switch (task.getEventName()) {
            case EVENTNAME_CREATE -> {
                recorder.stageOpened(approval, task.getId(), task.getProcessInstanceId());
                form.fill(task, approval);
            }
            case EVENTNAME_COMPLETE -> {
                // Before the request is locked: whoever else decides this stage may take its task away meanwhile.
                Optional<Stage> stage = refused.stageOf(approval, task.getId());
                try {
                    complete(task, approval);
                } catch (Forbidden | Conflict refusal) {
                    refused.note(approval, stage, refusal);
                    throw refusal;
                }
            }
            default -> throw new IllegalStateException("Unexpected task event " + task.getEventName());
        }
    }

    private void complete(DelegateTask task, ApprovalId approval) {
        UserId person = CurrentUser.get();
        Optional<String> seenHash = seenHash(task);
        form.requireUntouched(task, approval);
        String comment = filled(task, ApprovalProcess.COMMENT).orElse(null);
        Optional<String> decision = filled(task, ApprovalProcess.DECISION);
        if (decision.filter(ApprovalProcess.ASK::equals).isPresent()) {
            recorder.ask(approval, task.getId(), person, comment);
        } else {
            if (seenHash.isEmpty()) {
                form.requireAllShown(approval);
            }
            recorder.decide(approval, task.getId(), person, kind(decision), comment, seenHash);
        }
        task.setAssignee(person.value());
    }

    private static DecisionKind kind(Optional<String> decision) {
        return decision.flatMap(DecisionKind::find)
                .orElseThrow(
                        () -> new InvalidInput(ApprovalProcess.DECISION, "must be \"approve\", \"reject\" or \"ask\""));
    }

    /** Never treats an invalid value as absent: the sender meant to name the content they saw. */
    private static Optional<String> seenHash(DelegateTask task) {
        if (SentVariables.take(task, ApprovalProcess.CONTENT_HASH_OF_REST).isPresent()) {
            throw new InvalidInput(
                    ApprovalProcess.CONTENT_HASH_OF_REST, "must be named " + ApprovalProcess.CONTENT_HASH + " here");
        }
        return DecisionForm.text(task, ApprovalProcess.CONTENT_HASH);
    }

    private static Optional<String> filled(DelegateTask task, String variable) {
        return DecisionForm.text(task, variable).filter(text -> !text.isBlank());
    }
}
