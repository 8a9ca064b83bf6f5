package io.countersign.operations.process;

import io.countersign.operations.EngineWork;
import io.countersign.operations.JobCauses;
import io.countersign.operations.LogKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.camunda.bpm.engine.ProcessEngine;
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
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Makes the engine's work visible: ids in each log line, a timer and a span for each delegate, a counter of failed
 * attempts. A span goes on the trace of the request that made the job, however much later the job runs and on whichever
 * node. Without tracing, nothing of it touches the database.
 */
@Component
@Order(110)
class JobTelemetry extends AbstractProcessEnginePlugin {

    private static final String DELEGATES = "countersign.delegates";
    private static final String JOB_FAILURES = "countersign.job.failures";
    private static final String TRACEPARENT = "traceparent";
    private static final String APPROVAL_ID = "approvalId";

    private static final ThreadLocal<Carried> CARRIED = ThreadLocal.withInitial(Carried::new);

    private final MeterRegistry meters;
    private final ObjectProvider<EngineWork> work;
    private final Optional<Tracing> tracing;

    JobTelemetry(
            MeterRegistry meters,
            ObjectProvider<EngineWork> work,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator,
            ObjectProvider<JobCauses> causes) {
        this.meters = meters;
        this.work = work;
        this.tracing = Optional.ofNullable(propagator.getIfAvailable())
                .map(found -> new Tracing(tracer.getObject(), found, causes));
    }

    /** What traces need. The causes come late: they need the database, whose schema the engine may have to wait for. */
    private record Tracing(Tracer tracer, Propagator propagator, ObjectProvider<JobCauses> causes) {}

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
        engine.setDelegateInterceptor(new ObservedDelegates());
        engine.setFailedJobCommandFactory(new CountedFailures(engine.getFailedJobCommandFactory()));
        tracing.ifPresent(
                on -> engine.getCustomPostCommandInterceptorsTxRequired().add(new NotedCauses(on)));
    }

    @Override
    public void postProcessEngineBuild(ProcessEngine engine) {
        work.getObject().processKeys().forEach(this::failures);
    }

    private Counter failures(String process) {
        return Counter.builder(JOB_FAILURES)
                .description("Attempts of engine jobs that failed, to be repeated or not")
                .tag("process", process)
                .register(meters);
    }

    /** Counts each failed attempt; one that lost against another transaction is none. */
    private final class CountedFailures implements FailedJobCommandFactory {

        private final FailedJobCommandFactory noting;

        CountedFailures(FailedJobCommandFactory noting) {
            this.noting = noting;
        }

        @Override
        public Command<Object> getCommand(String jobId, Throwable failure) {
            Command<Object> command = noting.getCommand(jobId, failure);
            return context -> {
                JobEntity job = context.getJobManager().findJobById(jobId);
                if (job != null) {
                    failures(job.getProcessDefinitionKey() == null ? "engine" : job.getProcessDefinitionKey())
                            .increment();
                }
                return command.execute(context);
            };
        }
    }

    /** Surrounds what delegates do. */
    private final class ObservedDelegates extends DefaultDelegateInterceptor {

        @Override
        public void handleInvocation(DelegateInvocation invocation) throws Exception {
            if (invocation instanceof JavaDelegateInvocation
                    && invocation.getContextExecution() instanceof DelegateExecution execution) {
                observe(invocation, execution);
            } else {
                super.handleInvocation(invocation);
            }
        }

        private void observe(DelegateInvocation invocation, DelegateExecution execution) throws Exception {
            Optional<String> job = Optional.ofNullable(Context.getJobExecutorContext())
                    .map(JobExecutorContext::getCurrentJob)
                    .map(JobEntity::getId);
            Optional<JobCauses.Cause> cause = tracing.isEmpty()
                    ? Optional.empty()
                    : job.flatMap(id -> tracing.get().causes().getObject().of(id));
            if (cause.isPresent()) {
                CARRIED.get().cause = cause;
            }
            Map<String, String> circumstances = new HashMap<>();
            job.ifPresent(id -> circumstances.put(LogKeys.JOB_ID, id));
            cause.flatMap(JobCauses.Cause::requestId).ifPresent(id -> circumstances.put(LogKeys.REQUEST_ID, id));
            if (execution.getVariable(APPROVAL_ID) instanceof String approval) {
                circumstances.put(LogKeys.APPROVAL_ID, approval);
            }
            Map<String, String> before = MDC.getCopyOfContextMap();
            circumstances.forEach(MDC::put);
            try {
                timed(invocation, execution, cause);
            } finally {
                circumstances.keySet().forEach(MDC::remove);
                if (before != null) {
                    circumstances.keySet().stream()
                            .filter(before::containsKey)
                            .forEach(key -> MDC.put(key, before.get(key)));
                }
            }
        }

        private void timed(DelegateInvocation invocation, DelegateExecution execution, Optional<JobCauses.Cause> cause)
                throws Exception {
            String process = processKey(execution);
            String activity = execution.getCurrentActivityId();
            Optional<Span> span = tracing.map(on -> start(on, cause, process, activity, execution));
            long started = System.nanoTime();
            String outcome = "failed";
            Tracer.SpanInScope scope = span.map(
                            open -> tracing.orElseThrow().tracer().withSpan(open))
                    .orElse(null);
            try {
                super.handleInvocation(invocation);
                outcome = "succeeded";
            } catch (Exception e) {
                span.ifPresent(failed -> failed.error(e));
                throw e;
            } finally {
                if (scope != null) {
                    scope.close();
                }
                span.ifPresent(Span::end);
                Timer.builder(DELEGATES)
                        .description("What delegates do, without the commit that follows")
                        .tag("process", process)
                        .tag("activity", activity)
                        .tag("outcome", outcome)
                        .register(meters)
                        .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
            }
        }

        private static Span start(
                Tracing on,
                Optional<JobCauses.Cause> cause,
                String process,
                String activity,
                DelegateExecution execution) {
            Span.Builder builder = on.tracer().currentSpan() == null && cause.isPresent()
                    ? on.propagator().extract(cause.get().headers(), Map::get)
                    : on.tracer().spanBuilder();
            return builder.name(process + " " + activity)
                    .kind(Span.Kind.CONSUMER)
                    .tag("process", process)
                    .tag("activity", activity)
                    .tag("process_instance_id", execution.getProcessInstanceId())
                    .start();
        }

        private static String processKey(DelegateExecution execution) {
            return ((ExecutionEntity) execution).getProcessDefinition().getKey();
        }
    }

    /** Notes, before a transaction's engine work is flushed, which span made its new jobs. */
    private static final class NotedCauses extends CommandInterceptor {

        private final Tracing tracing;

        NotedCauses(Tracing tracing) {
            this.tracing = tracing;
        }

        @Override
        public <T> T execute(Command<T> command) {
            Carried carried = CARRIED.get();
            carried.depth++;
            try {
                T result = next.execute(command);
                note(carried.cause);
                return result;
            } finally {
                carried.depth--;
                if (carried.depth == 0) {
                    CARRIED.remove();
                }
            }
        }

        /** @param carried the cause of the job that runs, whose own spans have ended by now */
        private void note(Optional<JobCauses.Cause> carried) {
            Span span = tracing.tracer().currentSpan();
            boolean sampled = span != null && Boolean.TRUE.equals(span.context().sampled());
            CommandContext context = Context.getCommandContext();
            if (context == null || !sampled && carried.isEmpty()) {
                return;
            }
            List<String> jobs = context.getDbEntityManager().getDbEntityCache().getCachedEntities().stream()
                    .filter(cached -> cached.getEntityState() == DbEntityState.TRANSIENT
                            && cached.getEntity() instanceof JobEntity)
                    .map(cached -> cached.getEntity().getId())
                    .toList();
            if (!jobs.isEmpty()) {
                tracing.causes().getObject().note(jobs, sampled ? cause(span) : carried.orElseThrow());
            }
        }

        private JobCauses.Cause cause(Span span) {
            Map<String, String> headers = new HashMap<>();
            tracing.propagator().inject(span.context(), headers, Map::put);
            return new JobCauses.Cause(Optional.ofNullable(MDC.get(LogKeys.REQUEST_ID)), headers.get(TRACEPARENT));
        }
    }

    /** What the commands of a thread that are under way carry on. */
    private static final class Carried {

        private int depth;
        private Optional<JobCauses.Cause> cause = Optional.empty();
    }
}
