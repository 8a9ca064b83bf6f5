package io.countersign.tenant.process;

import io.countersign.tenant.ledger.TenantRecorder;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Closes the registration of a tenant that was not approved. */
@Component
class RejectTenant implements JavaDelegate {

    private final TenantRecorder recorder;

    RejectTenant(TenantRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void execute(DelegateExecution execution) {
        recorder.reject(execution.getProcessInstanceId());
    }
}
