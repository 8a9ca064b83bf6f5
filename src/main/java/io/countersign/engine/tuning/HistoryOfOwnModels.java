package io.countersign.engine.tuning;

import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.producer.CacheAwareHistoryEventProducer;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;

/**
 * Makes the engine's history, with the models' keys as the cache of models knows them: the engine would read the
 * model's row anew in each transaction that writes history.
 */
class HistoryOfOwnModels extends CacheAwareHistoryEventProducer {

    @Override
    protected ProcessDefinitionEntity getProcessDefinitionEntity(String processDefinitionId) {
        return processDefinitionId == null
                ? null
                : Context.getProcessEngineConfiguration()
                        .getDeploymentCache()
                        .findDeployedProcessDefinitionById(processDefinitionId);
    }
}
