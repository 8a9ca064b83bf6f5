package io.countersign.tenant.process;

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
        String registration = (String) execution.getVariable(TenantProcess.REGISTRATION_ID);
        recorder.link(RegistrationId.parse(registration), execution.getProcessInstanceId());
    }
}
