package io.countersign.engine;

import java.util.Set;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DefaultCacheFactory;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DeploymentCache;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;

/**
 * Starts processes by the models that this version of the application came with, not by the newest ones: while a
 * release is rolled out, or taken back, older instances run beside newer ones on the same database, and each knows the
 * beans of its own models only.
 *
 * <p>Keeps no model that was not read to its end: the engine remembers a model before it has read its job definitions,
 * and without these nobody could start it any more. That happened when the database went away just then.
 */
final class OwnModels extends DeploymentCache {

    /** As the engine has it. */
    private static final int CAPACITY = 1000;

    private volatile String deployment;
    private volatile Set<String> keys = Set.of();

    OwnModels(ProcessEngineConfigurationImpl engine) {
        super(new DefaultCacheFactory(), CAPACITY);
        setDeployers(engine.getDeployers().stream().map(this::whole).toList());
    }

    /** Tells which deployment is this version's, and which processes are in it. */
    void use(String deploymentId, Set<String> processes) {
        deployment = deploymentId;
        keys = processes;
    }

    @Override
    public ProcessDefinitionEntity findDeployedLatestProcessDefinitionByKey(String key) {
        return keys.contains(key)
                ? findDeployedProcessDefinitionByDeploymentAndKey(deployment, key)
                : super.findDeployedLatestProcessDefinitionByKey(key);
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
