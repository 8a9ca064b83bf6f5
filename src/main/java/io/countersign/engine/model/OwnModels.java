package io.countersign.engine.model;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DefaultCacheFactory;
import org.camunda.bpm.engine.impl.persistence.deploy.cache.DeploymentCache;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;

/**
 * Knows models. Starts processes by those that this version of the application came with, not by the newest ones: while
 * a release is rolled out, or taken back, older instances run beside newer ones on the same database, and each knows
 * the beans of its own models only.
 *
 * <p>Keeps no model that was not read to its end: the engine remembers a model before it has read its job definitions,
 * and without these nobody could start it any more. That happened when the database went away just then.
 *
 * <p>Believes for a second what it read of a model, of which nothing changes but whether it is suspended: the engine
 * asks several times in each step.
 */
final class OwnModels extends DeploymentCache {

    /** As the engine has it. */
    private static final int CAPACITY = 1000;

    private static final Duration BELIEVED = Duration.ofSeconds(1);

    private volatile String deployment;
    private volatile Set<String> keys = Set.of();

    /** The id of a process definition never changes. */
    private final Map<Coordinates, String> ids = new ConcurrentHashMap<>();

    /** When each was read last, in nanoseconds of {@link System#nanoTime}. */
    private final Map<String, Long> readAt = new ConcurrentHashMap<>();

    private record Coordinates(String deployment, String key) {}

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

    @Override
    public ProcessDefinitionEntity findDeployedProcessDefinitionByDeploymentAndKey(String deploymentId, String key) {
        Coordinates coordinates = new Coordinates(deploymentId, key);
        String id = ids.get(coordinates);
        if (id != null) {
            return findDeployedProcessDefinitionById(id);
        }
        ProcessDefinitionEntity read = super.findDeployedProcessDefinitionByDeploymentAndKey(deploymentId, key);
        ids.put(coordinates, read.getId());
        return read;
    }

    @Override
    public ProcessDefinitionEntity findDeployedProcessDefinitionById(String id) {
        ProcessDefinitionEntity known = id == null ? null : findProcessDefinitionFromCache(id);
        long now = System.nanoTime();
        if (known != null && now - readAt.getOrDefault(id, now - BELIEVED.toNanos()) < BELIEVED.toNanos()) {
            return known;
        }
        ProcessDefinitionEntity read = super.findDeployedProcessDefinitionById(id);
        readAt.put(id, now);
        return read;
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
