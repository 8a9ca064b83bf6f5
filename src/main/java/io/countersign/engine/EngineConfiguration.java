package io.countersign.engine;

import io.countersign.identity.EngineGroups;
import io.countersign.identity.GroupNames;
import io.countersign.identity.People;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.incident.DefaultIncidentHandler;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.plugin.AdministratorAuthorizationPlugin;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
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

    @Bean
    @Order(100)
    ProcessEnginePlugin countersignEngine(
            ObjectProvider<People> people,
            ObjectProvider<EngineGroups> groups,
            ApplicationEventPublisher events,
            ApplicationContext context,
            @Value("${countersign.jobs.retry-waits}") String retryWaits) {
        return new AbstractProcessEnginePlugin() {

            @Override
            public void preInit(ProcessEngineConfigurationImpl engine) {
                engine.setExpressionManager(new ModelExpressions(context));
                engine.setScriptEngineResolver(new NoScripts());
                engine.setIdentityProviderSessionFactory(new EngineIdentity(people, groups));
                engine.setResourceAuthorizationProvider(new TaskRights());
                engine.setEnableHistoricInstancePermissions(true);
                engine.setCustomSessionFactories(List.of(new TaskComments.Factory()));
                engine.getCustomPostBPMNParseListeners().add(new OwnClaims());
                engine.setFailedJobRetryTimeCycle(retryWaits);
                engine.setEnableExceptionsAfterUnhandledBpmnError(true);
                engine.setTaskMetricsEnabled(false);
                // Clean-up looks at when an instance ended. With a removal time on each row instead, the end of every
                // instance would update every history table.
                engine.setHistoryRemovalTimeStrategy(ProcessEngineConfiguration.HISTORY_REMOVAL_TIME_STRATEGY_NONE);
                engine.setHistoryCleanupStrategy("endTimeBased");
                engine.getCustomPreCommandInterceptorsTxRequired().add(new RepeatOnConflict(engine));
                engine.getCustomPostCommandInterceptorsTxRequired().add(new Refusals());
                // Composite: the engine's own handler still makes the incident that Cockpit shows.
                engine.setCompositeIncidentHandlersEnabled(true);
                engine.getCustomIncidentHandlers().add(new JobGaveUpAnnouncement(events));
            }

            @Override
            public void postProcessEngineBuild(ProcessEngine engine) {
                deploy(engine);
            }
        };
    }

    @Bean
    @Order(101)
    ProcessEnginePlugin engineAdministrators() {
        AdministratorAuthorizationPlugin plugin = new AdministratorAuthorizationPlugin();
        plugin.setAdministratorGroupName(GroupNames.ENGINE_ADMINS);
        return plugin;
    }

    /**
     * Deploys models and forms in one deployment if anything changed. The starter's own deployment names resources by
     * absolute path, so that the same model would count as changed in another directory.
     */
    private static void deploy(ProcessEngine engine) {
        DeploymentBuilder deployment = engine.getRepositoryService()
                .createDeployment()
                .name("countersign")
                .source("application")
                .enableDuplicateFiltering(false);
        try {
            PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
            for (String folder : new String[] {"bpmn", "forms"}) {
                for (Resource resource : resolver.getResources("classpath:" + folder + "/*")) {
                    try (InputStream content = resource.getInputStream()) {
                        deployment.addInputStream(folder + "/" + resource.getFilename(), content);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Models cannot be read", e);
        }
        if (deployment.getResourceNames().isEmpty()) {
            throw new ProcessEngineException("There are no models on the class path");
        }
        deployment.deploy();
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
