package io.countersign.tenant.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.ledger.TenantRecorder;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.springframework.stereotype.Component;

/** Ties a new instance to its registration. */
@Component
class LinkTenant implements ExecutionListener {

    private final TenantRecorder recorder;

    LinkTenant(TenantRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void notify(DelegateExecution execution) {
        RegistrationId registration = new RegistrationId(ProcessSubject.id(
                execution.getVariable(TenantProcess.REGISTRATION_ID),
                TenantProcess.REGISTRATION_ID,
                "POST /api/v1/tenants"));
        recorder.link(registration, execution.getProcessInstanceId());
    }
}
