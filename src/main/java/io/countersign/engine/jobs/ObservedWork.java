package io.countersign.engine.jobs;

import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.bpmn.delegate.JavaDelegateInvocation;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.delegate.DefaultDelegateInterceptor;
import org.camunda.bpm.engine.impl.delegate.DelegateInvocation;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.impl.jobexecutor.FailedJobCommandFactory;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Shows a {@link WorkObserver} what the engine does, and adds the process to each of its log lines. */
@Component
@Order(110)
class ObservedWork extends AbstractProcessEnginePlugin {

    /** The commands running in a thread. */
    private static final ThreadLocal<Running> RUNNING = ThreadLocal.withInitial(Running::new);

    private final ObjectProvider<WorkObserver> observer;

    /** @param observer is supplied late: it needs the database, whose schema may have to wait for the engine */
    ObservedWork(ObjectProvider<WorkObserver> observer) {
        this.observer = observer;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setLoggingContextProcessDefinitionKey("process_key");
        engine.setLoggingContextProcessInstanceId("process_instance_id");
        engine.setLoggingContextBusinessKey("business_key");
        engine.setLoggingContextActivityId("activity");
        engine.setLoggingContextActivityName(null);
        engine.setLoggingContextApplicationName(null);
        engine.setLoggingContextProcessDefinitionId(null);
        engine.setLoggingContextTenantId(null);
        engine.setLoggingContextEngineName(null);
        engine.setDelegateInterceptor(new Delegates());
        engine.setFailedJobCommandFactory(failures(engine.getFailedJobCommandFactory()));
        engine.getCustomPostCommandInterceptorsTxRequired().add(new NewJobs());
    }

    private FailedJobCommandFactory failures(FailedJobCommandFactory noting) {
        return (jobId, failure) -> {
            Command<Object> command = noting.getCommand(jobId, failure);
            return context -> {
                JobEntity job = context.getJobManager().findJobById(jobId);
                if (job != null) {
                    observer.getObject()
                            .failed(job.getProcessDefinitionKey() == null ? "engine" : job.getProcessDefinitionKey());
                }
                return command.execute(context);
            };
        };
    }

    private final class Delegates extends DefaultDelegateInterceptor {

        @Override
        public void handleInvocation(DelegateInvocation invocation) throws Exception {
            if (invocation instanceof JavaDelegateInvocation
                    && invocation.getContextExecution() instanceof DelegateExecution execution) {
                Optional<String> job = Optional.ofNullable(Context.getJobExecutorContext())
                        .map(JobExecutorContext::getCurrentJob)
                        .map(JobEntity::getId);
                RUNNING.get().job = job.or(() -> RUNNING.get().job);
                observer.getObject()
                        .run(new WorkObserver.Call(
                                execution,
                                ((ExecutionEntity) execution)
                                        .getProcessDefinition()
                                        .getKey(),
                                job,
                                () -> {
                                    super.handleInvocation(invocation);
                                    return null;
                                }));
            } else {
                super.handleInvocation(invocation);
            }
        }
    }

    /** Looks for new jobs at the end of a command, before they are written. */
    private final class NewJobs extends CommandInterceptor {

        @Override
        public <T> T execute(Command<T> command) {
            Running running = RUNNING.get();
            running.depth++;
            try {
                T result = next.execute(command);
                Optional.ofNullable(Context.getCommandContext())
                        .map(NewJobs::newJobs)
                        .filter(jobs -> !jobs.isEmpty())
                        .ifPresent(jobs -> observer.getObject().made(jobs, running.job));
                return result;
            } finally {
                running.depth--;
                if (running.depth == 0) {
                    RUNNING.remove();
                }
            }
        }

        private static List<String> newJobs(CommandContext context) {
            return context.getDbEntityManager().getDbEntityCache().getCachedEntities().stream()
                    .filter(cached -> cached.getEntityState() == DbEntityState.TRANSIENT
                            && cached.getEntity() instanceof JobEntity)
                    .map(cached -> cached.getEntity().getId())
                    .toList();
        }
    }

    private static final class Running {

        private int depth;

        /** The job whose delegates ran, if any. */
        private Optional<String> job = Optional.empty();
    }
}
