package io.countersign.notification.process;

import io.countersign.approval.ApprovalId;
import io.countersign.notification.notice.ApprovalNotices;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Tells a request's submitter its outcome. */
@Component
class NotifyRequester implements JavaDelegate {

    private final ApprovalNotices notices;

    NotifyRequester(ApprovalNotices notices) {
        this.notices = notices;
    }

    @Override
    public void execute(DelegateExecution execution) {
        notices.tellSubmitter(ApprovalId.parse((String) execution.getVariable(NotificationProcess.APPROVAL_ID)));
    }
}
