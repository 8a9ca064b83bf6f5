package io.countersign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.pvm.process.TransitionImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the sequence flows that processes take; the engine's history knows activities only. What a transaction took
 * counts when it commits (docs/decisions/0004).
 */
@TestComponent
public class SequenceFlows extends AbstractProcessEnginePlugin {

    /** Over all engines of the test run, so that tests of several Spring contexts count together. */
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private final Map<String, List<String>> takenByInstance = new ConcurrentHashMap<>();

    /**
     * @param process a process's id
     * @param flow the id of one of its sequence flows
     * @return whether any instance took it since the test run began
     */
    public static boolean wasTaken(String process, String flow) {
        return TAKEN.contains(name(process, flow));
    }

    /** @return the ids of the flows that an instance took, in order */
    public List<String> takenBy(String processInstanceId) {
        return takenByInstance.getOrDefault(processInstanceId, List.of());
    }

    /** @return the instances that took any flow */
    Set<String> instances() {
        return Set.copyOf(takenByInstance.keySet());
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        List<BpmnParseListener> listeners = new ArrayList<>();
        if (engine.getCustomPostBPMNParseListeners() != null) {
            listeners.addAll(engine.getCustomPostBPMNParseListeners());
        }
        listeners.add(new AbstractBpmnParseListener() {
            @Override
            public void parseSequenceFlow(Element element, ScopeImpl scope, TransitionImpl flow) {
                flow.addListener(ExecutionListener.EVENTNAME_TAKE, (ExecutionListener)
                        execution -> taken((ExecutionEntity) execution, flow.getId()));
            }
        });
        engine.setCustomPostBPMNParseListeners(listeners);
    }

    private void taken(ExecutionEntity execution, String flow) {
        String instance = execution.getProcessInstanceId();
        String process = execution.getProcessDefinition().getKey();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                takenByInstance
                        .computeIfAbsent(instance, id -> new CopyOnWriteArrayList<>())
                        .add(flow);
                TAKEN.add(name(process, flow));
            }
        });
    }

    private static String name(String process, String flow) {
        return process + "/" + flow;
    }
}
