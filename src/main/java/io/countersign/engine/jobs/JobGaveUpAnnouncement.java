package io.countersign.engine.jobs;

import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.incident.DefaultIncidentHandler;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.runtime.Incident;
import org.springframework.context.ApplicationEventPublisher;

/** Tells the modules that a job has no attempts left. */
class JobGaveUpAnnouncement extends DefaultIncidentHandler {

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
            // A manual retry runs immediately, without the delay that follows the last attempt.
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
