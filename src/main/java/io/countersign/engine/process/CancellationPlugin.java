package io.countersign.engine.process;

import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Notifies {@link CancellationListener}s of deleted instances of any model, including old versions and even when the
 * engine is asked to skip listeners. Attached at parse time.
 */
@Component
@Order(100)
class CancellationPlugin extends AbstractProcessEnginePlugin {

    private final ObjectProvider<CancellationListener> listeners;

    CancellationPlugin(ObjectProvider<CancellationListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        ExecutionListener ended = instance -> {
            if (instance.isCanceled()) {
                listeners.forEach(listener -> listener.cancelled(instance));
            }
        };
        engine.getCustomPostBPMNParseListeners().add(new AbstractBpmnParseListener() {
            @Override
            public void parseProcess(Element element, ProcessDefinitionEntity process) {
                process.addBuiltInListener(ExecutionListener.EVENTNAME_END, ended);
            }
        });
    }
}
