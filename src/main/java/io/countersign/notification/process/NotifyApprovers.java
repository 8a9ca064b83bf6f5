package io.countersign.notification.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.notification.notice.ApprovalNotices;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Asks everyone who may decide the open stage for a decision. */
@Component
class NotifyApprovers implements JavaDelegate {

    private final ApprovalNotices notices;
    private final RequestKinds kinds;

    NotifyApprovers(ApprovalNotices notices, RequestKinds kinds) {
        this.notices = notices;
        this.kinds = kinds;
    }

    @Override
    public void execute(DelegateExecution execution) {
        // The first step of the stages, so it also sees instances that a client started directly in the engine.
        notices.askApprovers(new ApprovalId(ProcessSubject.id(
                execution.getVariable(NotificationProcess.APPROVAL_ID),
                NotificationProcess.APPROVAL_ID,
                "the resource of what is to be approved: " + kinds.resources())));
    }
}
