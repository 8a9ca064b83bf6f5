package io.countersign.engine.jobs;

import io.countersign.resilience.Nodes;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Sets how often a job is attempted, what its failure message is, and who is told that it gave up. */
@Component
@Order(100)
class JobsPlugin extends AbstractProcessEnginePlugin {

    private final ApplicationEventPublisher events;
    private final Nodes nodes;
    private final RetryWaits waits;

    JobsPlugin(ApplicationEventPublisher events, Nodes nodes, RetryWaits waits) {
        this.events = events;
        this.nodes = nodes;
        this.waits = waits;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setFailedJobRetryTimeCycle(waits.intervals());
        engine.setFailedJobCommandFactory(new PlainFailures());
        engine.setEnableExceptionsAfterUnhandledBpmnError(true);
        if (engine.getJobExecutor() != null) {
            // Distinguishes the locks of a dead instance from all others.
            engine.getJobExecutor().setLockOwner(nodes.self());
        }
        // Composite: the engine's own handler still creates the incident that Cockpit shows.
        engine.setCompositeIncidentHandlersEnabled(true);
        engine.getCustomIncidentHandlers().add(new JobGaveUpAnnouncement(events));
    }
}
