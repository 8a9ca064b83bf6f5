package io.countersign.gateway.process;

import io.countersign.gateway.Attachments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Notes that an attachment's request is approved in full. */
@Component
class ApproveAttachmentChange implements JavaDelegate {

    private final Attachments attachments;

    ApproveAttachmentChange(Attachments attachments) {
        this.attachments = attachments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        attachments.approved(GatewayProcess.attachmentId(execution), GatewayProcess.approvalId(execution));
    }
}
