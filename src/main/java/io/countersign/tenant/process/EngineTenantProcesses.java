package io.countersign.tenant.process;

import io.countersign.api.problem.Problem;
import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.TenantProcesses;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.MessageCorrelationBuilder;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts lifecycles in the engine and sends them messages. */
@Component
class EngineTenantProcesses implements TenantProcesses {

    private final RuntimeService runtime;

    EngineTenantProcesses(@Lazy RuntimeService runtime) {
        this.runtime = runtime;
    }

    @Override
    public void start(Tenant tenant) {
        runtime.startProcessInstanceByKey(TenantProcess.KEY, tenant.tenantId(), variables(tenant));
    }

    @Override
    public boolean send(Tenant tenant, TenantEvent event, Optional<String> reason) {
        MessageCorrelationBuilder message =
                runtime.createMessageCorrelation(message(event)).processInstanceId(tenant.processInstanceId());
        reason.ifPresent(text -> message.setVariable(TenantProcess.REASON, text));
        try {
            message.correlate();
            return true;
        } catch (MismatchingMessageCorrelationException | OptimisticLockingException e) {
            return false;
        } catch (ProcessEngineException e) {
            Problem.in(e).ifPresent(problem -> {
                throw problem;
            });
            throw e;
        }
    }

    @Override
    public Optional<String> startAgain(Tenant tenant, TenantEvent event) {
        boolean runs = runtime.createProcessInstanceQuery()
                        .processInstanceId(tenant.processInstanceId())
                        .count()
                > 0;
        if (runs) {
            return Optional.empty();
        }
        return Optional.of(runtime.createProcessInstanceByKey(TenantProcess.KEY)
                .businessKey(tenant.tenantId())
                .setVariables(variables(tenant))
                .startBeforeActivity(
                        switch (event) {
                            case SUSPEND -> TenantProcess.SUSPENSION_REQUESTED;
                            case REACTIVATE -> TenantProcess.REACTIVATION_REQUESTED;
                            case APPROVE, REJECT -> throw decidedByTheApproval(event);
                        })
                .execute()
                .getId());
    }

    private static Map<String, Object> variables(Tenant tenant) {
        return Map.of(
                TenantProcess.REGISTRATION_ID, tenant.id().toString(),
                TenantProcess.APPROVAL_ID, tenant.approvalId().toString());
    }

    private static String message(TenantEvent event) {
        return switch (event) {
            case SUSPEND -> TenantProcess.SUSPEND;
            case REACTIVATE -> TenantProcess.REACTIVATE;
            case APPROVE, REJECT -> throw decidedByTheApproval(event);
        };
    }

    private static IllegalArgumentException decidedByTheApproval(TenantEvent event) {
        return new IllegalArgumentException("Decided by the approval: " + event);
    }
}
