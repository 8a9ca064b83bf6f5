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
 * Learns when the process of a request is deleted instead of coming to its end. Stands in every model without being
 * drawn there, so that it holds for old versions of a model, and for whoever asks the engine to leave out listeners.
 */
@Component
class ProcessEnds extends AbstractProcessEnginePlugin {

    private final ObjectProvider<EndedProcesses> processes;

    ProcessEnds(ObjectProvider<EndedProcesses> processes) {
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
