package io.countersign.engine.model;

import java.util.Map;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DefaultCacheFactory;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DeploymentCache;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;

/**
 * The models of this version. Processes start from them, not from the newest ones: while a release is rolled out or
 * rolled back, older instances run beside newer ones on the same database, and each knows only its own models' beans.
 *
 * <p>Drops a model that was parsed only partially: the engine caches a model before it has read its job definitions,
 * and without them no instance of it could start. That happens when the database goes down at that moment.
 */
final class OwnModels extends DeploymentCache {

    /** As the engine has it. */
    private static final int CAPACITY = 1000;

    private volatile Own own = new Own("", Map.of());

    /**
     * What this version deployed.
     *
     * @param deployment the id of its deployment
     * @param definitions the ids of its process definitions, by their keys
     */
    record Own(String deployment, Map<String, String> definitions) {}

    OwnModels(ProcessEngineConfigurationImpl engine) {
        super(new DefaultCacheFactory(), CAPACITY);
        setDeployers(engine.getDeployers().stream().map(this::whole).toList());
    }

    /** Sets the models that processes start from. */
    void use(Own models) {
        own = models;
    }

    @Override
    public ProcessDefinitionEntity findDeployedLatestProcessDefinitionByKey(String key) {
        String id = own.definitions().get(key);
        return id == null ? super.findDeployedLatestProcessDefinitionByKey(key) : findDeployedProcessDefinitionById(id);
    }

    @Override
    public ProcessDefinitionEntity findDeployedProcessDefinitionByDeploymentAndKey(String deployment, String key) {
        String id = own.deployment().equals(deployment) ? own.definitions().get(key) : null;
        return id == null
                ? super.findDeployedProcessDefinitionByDeploymentAndKey(deployment, key)
                : findDeployedProcessDefinitionById(id);
    }

    private Deployer whole(Deployer deployer) {
        return models -> {
            try {
                deployer.deploy(models);
            } catch (RuntimeException e) {
                discardProcessDefinitionCache();
                throw e;
            }
        };
    }
}
