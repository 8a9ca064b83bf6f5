package io.countersign.engine.model;

import io.countersign.resilience.StartUpLock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Deploys this version's models and makes processes start from them. */
@Component
@Order(100)
class ModelDeployment extends AbstractProcessEnginePlugin {

    /** Marks our deployments. */
    private static final String SOURCE = "application";

    private final ApplicationContext context;
    private OwnModels models;

    /**
     * @param turn is taken here, because building the engine is the first step that instances must not run concurrently
     */
    ModelDeployment(ApplicationContext context, StartUpLock turn) {
        this.context = context;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setExpressionManager(new ModelExpressions(context));
        engine.setScriptEngineResolver(new NoScripts());
    }

    @Override
    public void postInit(ProcessEngineConfigurationImpl engine) {
        models = new OwnModels(engine);
        engine.setDeploymentCache(models);
    }

    @Override
    public void postProcessEngineBuild(ProcessEngine engine) {
        Deployment own = deploy(engine);
        models.use(new OwnModels.Own(own.getId(), definitionsOf(engine, own)));
        runJobsOf(engine, own);
    }

    /**
     * Deploys models and forms in one deployment, unless an earlier start or another instance of this version already
     * deployed exactly these. The starter's own deployment names resources by absolute path, so the same model would
     * count as changed in another directory. It also compares with the newest deployment, so two versions running side
     * by side would each redeploy at every start.
     */
    private static Deployment deploy(ProcessEngine engine) {
        SortedMap<String, byte[]> resources = resources();
        if (resources.isEmpty()) {
            throw new ProcessEngineException("There are no models on the class path");
        }
        DeploymentBuilder deployment = engine.getRepositoryService()
                .createDeployment()
                .name("countersign " + fingerprint(resources))
                .source(SOURCE)
                .enableDuplicateFiltering(false);
        resources.forEach((name, content) -> deployment.addInputStream(name, new ByteArrayInputStream(content)));
        return deployment.deploy();
    }

    /**
     * Runs jobs of this version's processes and of older ones. Those of newer versions are left to instances that know
     * the beans of their models.
     */
    private static void runJobsOf(ProcessEngine engine, Deployment own) {
        engine.getRepositoryService().createDeploymentQuery().list().stream()
                .filter(deployment -> !SOURCE.equals(deployment.getSource())
                        || !deployment.getDeploymentTime().after(own.getDeploymentTime()))
                .forEach(deployment ->
                        engine.getManagementService().registerDeploymentForJobExecutor(deployment.getId()));
    }

    /** Reads only the table. The engine's query parses every model that it finds, for its documentation. */
    private static Map<String, String> definitionsOf(ProcessEngine engine, Deployment deployment) {
        ProcessEngineConfigurationImpl configuration =
                (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(command ->
                        command.getProcessDefinitionManager().findProcessDefinitionsByDeploymentId(deployment.getId()))
                .stream()
                .collect(Collectors.toMap(ProcessDefinition::getKey, ProcessDefinition::getId));
    }

    private static SortedMap<String, byte[]> resources() {
        SortedMap<String, byte[]> resources = new TreeMap<>();
        try {
            PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
            for (String folder : new String[] {"bpmn", "forms"}) {
                for (Resource resource : resolver.getResources("classpath:" + folder + "/*")) {
                    resources.put(folder + "/" + resource.getFilename(), resource.getContentAsByteArray());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Models cannot be read", e);
        }
        return resources;
    }

    /** @return a value that is equal only for equal names and contents */
    private static String fingerprint(SortedMap<String, byte[]> resources) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            resources.forEach((name, content) -> {
                digest.update((name + ' ' + content.length + ' ').getBytes(StandardCharsets.UTF_8));
                digest.update(content);
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
