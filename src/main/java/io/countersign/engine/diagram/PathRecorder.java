package io.countersign.engine.diagram;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.MultiInstanceActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.pvm.process.TransitionImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the ids of the activities that instances enter and of the sequence flows that they take, for
 * {@link ProcessDiagrams}. Writes once per transaction, before it commits. Attached to every model at parse time.
 */
@Component
@Order(100)
class PathRecorder extends AbstractProcessEnginePlugin {

    /** Suffix of the id of a cancelled activity. */
    static final String CANCELLED = ":cancelled";

    private final ObjectProvider<ProcessPaths> paths;
    private final Clock clock;

    /** @param paths is supplied late: the database's schema may have to wait for the engine */
    PathRecorder(ObjectProvider<ProcessPaths> paths, Clock clock) {
        this.paths = paths;
        this.clock = clock;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.getCustomPostBPMNParseListeners().add(new AbstractBpmnParseListener() {
            @Override
            public void parseProcess(Element element, ProcessDefinitionEntity process) {
                process.addBuiltInListener(
                        ExecutionListener.EVENTNAME_START, (ExecutionListener) PathRecorder.this::begun);
                listen(process);
            }
        });
    }

    private void listen(ScopeImpl scope) {
        for (ActivityImpl activity : scope.getActivities()) {
            if (!(activity.getActivityBehavior() instanceof MultiInstanceActivityBehavior)) {
                activity.addBuiltInListener(ExecutionListener.EVENTNAME_START, (ExecutionListener)
                        execution -> leg(execution).elements().add(activity.getId()));
                activity.addBuiltInListener(ExecutionListener.EVENTNAME_END, (ExecutionListener) execution -> {
                    if (execution.isCanceled()) {
                        leg(execution).elements().add(activity.getId() + CANCELLED);
                    }
                });
            }
            activity.getOutgoingTransitions()
                    .forEach(flow -> ((TransitionImpl) flow)
                            .addBuiltInListener(ExecutionListener.EVENTNAME_TAKE, (ExecutionListener)
                                    execution -> leg(execution).elements().add(flow.getId())));
            listen(activity);
        }
    }

    /** The caller is available only now without another read. */
    private void begun(DelegateExecution execution) {
        leg(execution, Optional.ofNullable(execution.getSuperExecution()).map(DelegateExecution::getProcessInstanceId));
    }

    private ProcessPaths.Leg leg(DelegateExecution execution) {
        return leg(execution, Optional.empty());
    }

    private ProcessPaths.Leg leg(DelegateExecution execution, Optional<String> caller) {
        return transaction()
                .legs
                .computeIfAbsent(
                        execution.getProcessInstanceId(),
                        instance -> new ProcessPaths.Leg(
                                ((ExecutionEntity) execution).getRootProcessInstanceId(),
                                instance,
                                caller,
                                execution.getProcessDefinitionId(),
                                clock.instant(),
                                new ArrayList<>()));
    }

    private Unwritten transaction() {
        return TransactionSynchronizationManager.getSynchronizations().stream()
                .filter(Unwritten.class::isInstance)
                .map(Unwritten.class::cast)
                .findFirst()
                .orElseGet(() -> {
                    Unwritten unwritten = new Unwritten();
                    TransactionSynchronizationManager.registerSynchronization(unwritten);
                    return unwritten;
                });
    }

    /** What a transaction has recorded so far. */
    private final class Unwritten implements TransactionSynchronization {

        private final Map<String, ProcessPaths.Leg> legs = new LinkedHashMap<>();

        @Override
        public void beforeCommit(boolean readOnly) {
            paths.getObject().add(legs.values());
        }
    }
}
