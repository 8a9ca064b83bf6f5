package io.countersign.operations.process;

import io.countersign.engine.jobs.EngineOperations;
import io.countersign.engine.jobs.WorkObserver;
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
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes the engine's work observable: ids in each log line, a timer and a span for each delegate, a counter of failed
 * attempts. A span continues the trace of the request that created the job, however much later and on whichever node
 * the job runs. Without tracing, none of this touches the database.
 */
@Component
class JobTelemetry implements WorkObserver {

    private static final String DELEGATES = "countersign.delegates";
    private static final String JOB_FAILURES = "countersign.job.failures";
    private static final String TRACEPARENT = "traceparent";
    private static final String APPROVAL_ID = "approvalId";

    private final MeterRegistry meters;
    private final EngineOperations work;
    private final JobCauses causes;
    private final Optional<Tracing> tracing;

    JobTelemetry(
            MeterRegistry meters,
            EngineOperations work,
            JobCauses causes,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator) {
        this.meters = meters;
        this.work = work;
        this.causes = causes;
        this.tracing =
                Optional.ofNullable(propagator.getIfAvailable()).map(found -> new Tracing(tracer.getObject(), found));
    }

    private record Tracing(Tracer tracer, Propagator propagator) {}

    /** Registers a counter for each process before anything fails. */
    @EventListener(ApplicationStartedEvent.class)
    public void started() {
        work.processKeys().forEach(this::failures);
    }

    @Override
    public void failed(String process) {
        failures(process).increment();
    }

    private Counter failures(String process) {
        return Counter.builder(JOB_FAILURES)
                .description("Attempts of engine jobs that failed, to be repeated or not")
                .tag("process", process)
                .register(meters);
    }

    @Override
    public void run(Call call) throws Exception {
        Optional<JobCauses.Cause> cause =
                tracing.isEmpty() ? Optional.empty() : call.job().flatMap(causes::of);
        Map<String, String> circumstances = new HashMap<>();
        call.job().ifPresent(id -> circumstances.put(LogKeys.JOB_ID, id));
        cause.flatMap(JobCauses.Cause::requestId).ifPresent(id -> circumstances.put(LogKeys.REQUEST_ID, id));
        if (call.execution().getVariable(APPROVAL_ID) instanceof String approval) {
            circumstances.put(LogKeys.APPROVAL_ID, approval);
        }
        Map<String, String> before = MDC.getCopyOfContextMap();
        circumstances.forEach(MDC::put);
        try {
            timed(call, cause);
        } finally {
            circumstances.keySet().forEach(MDC::remove);
            if (before != null) {
                circumstances.keySet().stream()
                        .filter(before::containsKey)
                        .forEach(key -> MDC.put(key, before.get(key)));
            }
        }
    }

    private void timed(Call call, Optional<JobCauses.Cause> cause) throws Exception {
        String activity = call.execution().getCurrentActivityId();
        Optional<Span> span = tracing.map(on -> start(on, cause, call, activity));
        long started = System.nanoTime();
        String outcome = "failed";
        Tracer.SpanInScope scope =
                span.map(open -> tracing.orElseThrow().tracer().withSpan(open)).orElse(null);
        try {
            call.delegate().call();
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
                    .tag("process", call.process())
                    .tag("activity", activity)
                    .tag("outcome", outcome)
                    .register(meters)
                    .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        }
    }

    private static Span start(Tracing on, Optional<JobCauses.Cause> cause, Call call, String activity) {
        Span.Builder builder = on.tracer().currentSpan() == null && cause.isPresent()
                ? on.propagator().extract(cause.get().headers(), Map::get)
                : on.tracer().spanBuilder();
        return builder.name(call.process() + " " + activity)
                .kind(Span.Kind.CONSUMER)
                .tag("process", call.process())
                .tag("activity", activity)
                .tag("process_instance_id", call.execution().getProcessInstanceId())
                .start();
    }

    /**
     * Records the span that created the jobs. If a job creates another, its spans have ended by now, so its own cause
     * is used.
     */
    @Override
    public void made(List<String> jobs, Optional<String> by) {
        if (tracing.isEmpty()) {
            return;
        }
        Span span = tracing.get().tracer().currentSpan();
        boolean sampled = span != null && Boolean.TRUE.equals(span.context().sampled());
        Optional<JobCauses.Cause> cause =
                sampled ? Optional.of(cause(tracing.get().propagator(), span)) : by.flatMap(causes::of);
        cause.ifPresent(noted -> causes.note(jobs, noted));
    }

    private static JobCauses.Cause cause(Propagator propagator, Span span) {
        Map<String, String> headers = new HashMap<>();
        propagator.inject(span.context(), headers, Map::put);
        return new JobCauses.Cause(Optional.ofNullable(MDC.get(LogKeys.REQUEST_ID)), headers.get(TRACEPARENT));
    }
}
