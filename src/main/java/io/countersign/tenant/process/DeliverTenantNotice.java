package io.countersign.tenant.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.tenant.notice.TenantNotices;
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
        notices.deliver(ProcessSubject.id(
                execution.getVariable(TenantProcess.NOTICE_ID),
                TenantProcess.NOTICE_ID,
                "PATCH /api/v1/orchestrators/{id}"));
    }
}
