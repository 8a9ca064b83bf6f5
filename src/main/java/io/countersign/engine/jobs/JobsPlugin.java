package io.countersign.engine.jobs;

import io.countersign.resilience.Nodes;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Sets how often a job is tried, what its failure says, and who hears that it failed for the last time. */
@Component
@Order(100)
class JobsPlugin extends AbstractProcessEnginePlugin {

    private final ApplicationEventPublisher events;
    private final Nodes nodes;
    private final String retryWaits;

    JobsPlugin(
            ApplicationEventPublisher events,
            Nodes nodes,
            @Value("${countersign.jobs.retry-waits}") String retryWaits) {
        this.events = events;
        this.nodes = nodes;
        this.retryWaits = retryWaits;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setFailedJobRetryTimeCycle(retryWaits);
        engine.setFailedJobCommandFactory(new PlainFailures());
        engine.setEnableExceptionsAfterUnhandledBpmnError(true);
        if (engine.getJobExecutor() != null) {
            // Tells the locks of an instance that is gone from all others.
            engine.getJobExecutor().setLockOwner(nodes.self());
        }
        // Composite: the engine's own handler still makes the incident that Cockpit shows.
        engine.setCompositeIncidentHandlersEnabled(true);
        engine.getCustomIncidentHandlers().add(new JobGaveUpAnnouncement(events));
    }
}
