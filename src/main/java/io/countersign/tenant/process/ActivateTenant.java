package io.countersign.tenant.process;

import io.countersign.tenant.ledger.TenantRecorder;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Makes an approved tenant active. */
@Component
class ActivateTenant implements JavaDelegate {

    private final TenantRecorder recorder;

    ActivateTenant(TenantRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void execute(DelegateExecution execution) {
        recorder.activate(execution.getProcessInstanceId());
    }
}
