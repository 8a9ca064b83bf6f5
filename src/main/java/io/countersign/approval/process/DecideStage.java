package io.countersign.approval.process;

import io.countersign.api.InvalidInput;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.ledger.DecisionRecorder;
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

    DecideStage(DecisionRecorder recorder, DecisionForm form) {
        this.recorder = recorder;
        this.form = form;
    }

    @Override
    public void notify(DelegateTask task) {
        ApprovalId approval = ApprovalGateways.approvalId(task.getExecution());
        int order = ApprovalGateways.order(task.getExecution());
        switch (task.getEventName()) {
            case EVENTNAME_CREATE -> {
                recorder.stageOpened(approval, order, task.getId(), task.getProcessInstanceId());
                form.fill(task, approval, order);
            }
            case EVENTNAME_COMPLETE -> {
                UserId person = CurrentUser.get();
                form.requireUntouched(task, approval);
                recorder.decide(
                        approval,
                        order,
                        person,
                        decision(task),
                        text(task, ApprovalProcess.COMMENT).orElse(null),
                        text(task, ApprovalProcess.CONTENT_HASH));
                task.setAssignee(person.value());
            }
            default -> throw new IllegalStateException("Unexpected task event " + task.getEventName());
        }
    }

    private static DecisionKind decision(DelegateTask task) {
        return text(task, ApprovalProcess.DECISION)
                .flatMap(DecisionKind::find)
                .orElseThrow(() -> new InvalidInput(ApprovalProcess.DECISION, "must be \"approve\" or \"reject\""));
    }

    private static Optional<String> text(DelegateTask task, String variable) {
        return task.getVariable(variable) instanceof String text && !text.isBlank()
                ? Optional.of(text)
                : Optional.empty();
    }
}
