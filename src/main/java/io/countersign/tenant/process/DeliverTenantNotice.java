package io.countersign.tenant.process;

import io.countersign.tenant.notice.TenantNotices;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Tells one receiver of a changed status. */
@Component
class DeliverTenantNotice implements JavaDelegate {

    private final TenantNotices notices;

    DeliverTenantNotice(TenantNotices notices) {
        this.notices = notices;
    }

    @Override
    public void execute(DelegateExecution execution) {
        notices.deliver(UUID.fromString((String) execution.getVariable(TenantProcess.NOTICE_ID)));
    }
}
