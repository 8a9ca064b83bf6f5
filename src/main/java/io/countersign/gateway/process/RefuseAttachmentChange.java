package io.countersign.gateway.process;

import io.countersign.gateway.Attachments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Returns an attachment to the status it had: its request was rejected or cancelled. */
@Component
class RefuseAttachmentChange implements JavaDelegate {

    private final Attachments attachments;

    RefuseAttachmentChange(Attachments attachments) {
        this.attachments = attachments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        attachments.refused(GatewayProcess.attachmentId(execution), GatewayProcess.approvalId(execution));
    }
}
