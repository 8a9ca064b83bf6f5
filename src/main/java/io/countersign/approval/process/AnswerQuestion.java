package io.countersign.approval.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.deciding.DecisionRecorder;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.springframework.stereotype.Component;

/**
 * The listener of the submitter's user task "Answer question". Applies the rules no matter which client completes it.
 */
@Component
class AnswerQuestion implements TaskListener {

    private final DecisionRecorder recorder;
    private final DecisionForm form;

    AnswerQuestion(DecisionRecorder recorder, DecisionForm form) {
        this.recorder = recorder;
        this.form = form;
    }

    @Override
    public void notify(DelegateTask task) {
        ApprovalId approval = ApprovalProcess.approvalId(task);
        switch (task.getEventName()) {
            case EVENTNAME_CREATE -> form.fill(task, approval, recorder.questionOpened(approval, task.getId()));
            case EVENTNAME_COMPLETE -> {
                UserId person = CurrentUser.get();
                form.requireQuestion(task, approval);
                recorder.answer(
                        approval,
                        person,
                        DecisionForm.text(task, ApprovalProcess.ANSWER).orElse(null));
                task.setAssignee(person.value());
            }
            default -> throw new IllegalStateException("Unexpected task event " + task.getEventName());
        }
    }
}
