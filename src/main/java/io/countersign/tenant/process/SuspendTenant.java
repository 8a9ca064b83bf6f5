package io.countersign.tenant.process;

import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.ledger.TenantRecorder;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Suspends a tenant in the name of the superadmin who sent the message. */
@Component
class SuspendTenant implements JavaDelegate {

    private final TenantRecorder recorder;

    SuspendTenant(TenantRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void execute(DelegateExecution execution) {
        recorder.change(execution.getProcessInstanceId(), TenantEvent.SUSPEND, TenantProcess.takeReason(execution));
    }
}
