package io.countersign.engine;

import io.countersign.identity.EngineGroups;
import io.countersign.identity.People;
import io.countersign.resilience.Nodes;
import io.countersign.resilience.StartUpTurn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.incident.DefaultIncidentHandler;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.persistence.entity.CommentManager;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskManager;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.runtime.Incident;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** What the engine is told beyond {@code application.yaml}. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    /** Marks deployments that are ours. */
    private static final String SOURCE = "application";

    /** @param turn taken here, since making the engine is the first thing that instances must not do at once */
    @Bean
    @Order(100)
    ProcessEnginePlugin countersignEngine(
            ObjectProvider<People> people,
            ObjectProvider<EngineGroups> groups,
            ApplicationEventPublisher events,
            ApplicationContext context,
            StartUpTurn turn,
            Nodes nodes,
            @Value("${countersign.jobs.retry-waits}") String retryWaits) {
        return new AbstractProcessEnginePlugin() {

            private OwnModels models;

            @Override
            public void preInit(ProcessEngineConfigurationImpl engine) {
                engine.setExpressionManager(new ModelExpressions(context));
                engine.setScriptEngineResolver(new NoScripts());
                engine.setIdentityProviderSessionFactory(new EngineIdentity(people, groups));
                engine.setResourceAuthorizationProvider(new TaskRights());
                engine.setEnableHistoricInstancePermissions(true);
                engine.setCustomSessionFactories(List.of(
                        new OwnManager(CommentManager.class, TaskComments::new),
                        new OwnManager(TaskManager.class, FlatTasks::new)));
                engine.setHistoryEventProducer(new HistoryOfOwnModels());
                engine.getCustomPostBPMNParseListeners().add(new OwnClaims());
                engine.setFailedJobRetryTimeCycle(retryWaits);
                engine.setFailedJobCommandFactory(new PlainFailures());
                engine.setEnableExceptionsAfterUnhandledBpmnError(true);
                engine.setTaskMetricsEnabled(false);
                // Clean-up looks at when an instance ended. With a removal time on each row instead, the end of every
                // instance would update every history table.
                engine.setHistoryRemovalTimeStrategy(ProcessEngineConfiguration.HISTORY_REMOVAL_TIME_STRATEGY_NONE);
                engine.setHistoryCleanupStrategy("endTimeBased");
                engine.getCustomPreCommandInterceptorsTxRequired().add(new RepeatOnConflict(engine));
                engine.getCustomPreCommandInterceptorsTxRequired().add(new DatabaseAnswers(engine));
                if (engine.getJobExecutor() != null) {
                    // So that the locks of an instance that is gone can be told from all others.
                    engine.getJobExecutor().setLockOwner(nodes.self());
                }
                engine.getCustomPostCommandInterceptorsTxRequired().add(new Refusals());
                // Composite: the engine's own handler still makes the incident that Cockpit shows.
                engine.setCompositeIncidentHandlersEnabled(true);
                engine.getCustomIncidentHandlers().add(new JobGaveUpAnnouncement(events));
            }

            @Override
            public void postInit(ProcessEngineConfigurationImpl engine) {
                models = new OwnModels(engine);
                engine.setDeploymentCache(models);
            }

            @Override
            public void postProcessEngineBuild(ProcessEngine engine) {
                Deployment own = deploy(engine);
                models.use(own.getId(), processesOf(engine, own));
                runJobsOf(engine, own);
            }
        };
    }

    /**
     * Deploys models and forms in one deployment, unless exactly these were deployed before: by an earlier start, or by
     * another instance of this version. The starter's own deployment names resources by absolute path, so that the same
     * model would count as changed in another directory; and it compares with the newest deployment, so that two
     * versions side by side would deploy theirs again with every start.
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
     * Runs jobs of this version's processes and of older ones. Those of newer versions are for instances that know the
     * beans of their models.
     */
    private static void runJobsOf(ProcessEngine engine, Deployment own) {
        engine.getRepositoryService().createDeploymentQuery().list().stream()
                .filter(deployment -> !SOURCE.equals(deployment.getSource())
                        || !deployment.getDeploymentTime().after(own.getDeploymentTime()))
                .forEach(deployment ->
                        engine.getManagementService().registerDeploymentForJobExecutor(deployment.getId()));
    }

    /** Reads the table alone. The engine's query parses every model that it finds, for its documentation. */
    private static Set<String> processesOf(ProcessEngine engine, Deployment deployment) {
        ProcessEngineConfigurationImpl configuration =
                (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(command ->
                        command.getProcessDefinitionManager().findProcessDefinitionsByDeploymentId(deployment.getId()))
                .stream()
                .map(ProcessDefinition::getKey)
                .collect(Collectors.toSet());
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

    /** @return the same for the same names and contents, and for no others */
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

    /** Tells the modules when a job is out of tries. */
    private static final class JobGaveUpAnnouncement extends DefaultIncidentHandler {

        private final ApplicationEventPublisher events;

        JobGaveUpAnnouncement(ApplicationEventPublisher events) {
            super(Incident.FAILED_JOB_HANDLER_TYPE);
            this.events = events;
        }

        @Override
        public Incident handleIncident(IncidentContext context, String message) {
            ExecutionEntity execution =
                    Context.getCommandContext().getExecutionManager().findExecutionById(context.getExecutionId());
            JobEntity job = Context.getCommandContext().getJobManager().findJobById(context.getConfiguration());
            if (job != null) {
                // Whoever retries it wants it run at once, not after the wait that follows the last try.
                job.setDuedate(null);
            }
            if (execution != null) {
                events.publishEvent(new JobGaveUp(
                        execution.getProcessDefinition().getKey(),
                        execution.getProcessInstanceId(),
                        context.getFailedActivityId() == null ? context.getActivityId() : context.getFailedActivityId(),
                        message == null ? "unknown reason" : message));
            }
            return null;
        }

        @Override
        public void resolveIncident(IncidentContext context) {}

        @Override
        public void deleteIncident(IncidentContext context) {}
    }
}
