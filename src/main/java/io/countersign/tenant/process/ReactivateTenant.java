package io.countersign.tenant.process;

import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.ledger.TenantRecorder;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Reactivates a tenant in the name of the superadmin who sent the message. */
@Component
class ReactivateTenant implements JavaDelegate {

    private final TenantRecorder recorder;

    ReactivateTenant(TenantRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void execute(DelegateExecution execution) {
        recorder.change(execution.getProcessInstanceId(), TenantEvent.REACTIVATE, TenantProcess.takeReason(execution));
    }
}
