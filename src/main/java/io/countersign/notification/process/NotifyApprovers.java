package io.countersign.notification.process;

import io.countersign.approval.ApprovalId;
import io.countersign.notification.delivery.ApprovalNotices;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Asks everyone who may decide the open stage for a decision. */
@Component
class NotifyApprovers implements JavaDelegate {

    private final ApprovalNotices notices;

    NotifyApprovers(ApprovalNotices notices) {
        this.notices = notices;
    }

    @Override
    public void execute(DelegateExecution execution) {
        notices.askApprovers(ApprovalId.parse((String) execution.getVariable(NotificationProcess.APPROVAL_ID)));
    }
}
