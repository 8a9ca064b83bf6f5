package io.countersign.approval.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.waiting.EndedProcesses;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Notices when a request's process is deleted before it ends. Built into every model, so that it applies to old
 * versions of a model and to callers who skip custom listeners.
 */
@Component
class ProcessEndListener extends AbstractProcessEnginePlugin {

    private final ObjectProvider<EndedProcesses> processes;

    ProcessEndListener(ObjectProvider<EndedProcesses> processes) {
        this.processes = processes;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        ExecutionListener listener = this::ended;
        engine.getCustomPostBPMNParseListeners().add(new AbstractBpmnParseListener() {
            @Override
            public void parseProcess(Element element, ProcessDefinitionEntity process) {
                process.addBuiltInListener(ExecutionListener.EVENTNAME_END, listener);
            }
        });
    }

    private void ended(DelegateExecution execution) {
        if (execution.isCanceled() && execution.getVariable(ApprovalProcess.APPROVAL_ID) instanceof String id) {
            processes.getObject().ended(ApprovalId.parse(id));
        }
    }
}
