package io.countersign.approval.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.waiting.EndedProcesses;
import io.countersign.engine.process.CancellationListener;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Notices when a request's process is deleted before it ends. */
@Component
class ProcessEndListener implements CancellationListener {

    private final EndedProcesses processes;

    ProcessEndListener(EndedProcesses processes) {
        this.processes = processes;
    }

    @Override
    public void cancelled(DelegateExecution instance) {
        if (instance.getVariable(ApprovalProcess.APPROVAL_ID) instanceof String id) {
            processes.ended(ApprovalId.parse(id));
        }
    }
}
