package io.countersign.tenant.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.change.TriedProcess;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.TenantRecorder;
import io.countersign.tenant.notice.TenantNotices;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service tasks of {@code tenant-lifecycle} and {@code tenant-notice}. */
@Configuration(proxyBeanMethods = false)
class TenantDelegates {

    /** Links a new instance to its registration. */
    @Bean
    ExecutionListener linkTenant(TenantRecorder recorder) {
        return execution -> recorder.link(
                new RegistrationId(id(execution, TenantProcess.REGISTRATION_ID, "POST /api/v1/tenants")),
                execution.getProcessInstanceId());
    }

    /** Makes an approved tenant active. */
    @Bean
    JavaDelegate activateTenant(TenantRecorder recorder) {
        return execution -> recorder.activate(execution.getProcessInstanceId());
    }

    /** Closes the registration of a tenant that was not approved. */
    @Bean
    JavaDelegate rejectTenant(TenantRecorder recorder) {
        return execution -> recorder.reject(execution.getProcessInstanceId());
    }

    /** Suspends a tenant on behalf of the superadmin who sent the message. */
    @Bean
    JavaDelegate suspendTenant(TenantRecorder recorder) {
        return execution -> recorder.change(
                execution.getProcessInstanceId(), TenantEvent.SUSPEND, TenantProcess.takeReason(execution));
    }

    /** Reactivates a tenant on behalf of the superadmin who sent the message. */
    @Bean
    JavaDelegate reactivateTenant(TenantRecorder recorder) {
        return execution -> recorder.change(
                execution.getProcessInstanceId(), TenantEvent.REACTIVATE, TenantProcess.takeReason(execution));
    }

    /** Notifies one receiver of a status change. */
    @Bean
    JavaDelegate deliverTenantNotice(TenantNotices notices) {
        return execution -> notices.deliver(id(execution, TenantProcess.NOTICE_ID, "PATCH /api/v1/orchestrators/{id}"));
    }

    @Bean
    TriedProcess tenantNoticeTries() {
        return new TriedProcess(TenantProcess.NOTICE_KEY, TenantProcess.NOTICE_ID);
    }

    private static UUID id(DelegateExecution execution, String variable, String resource) {
        return ProcessSubject.id(execution.getVariable(variable), variable, resource);
    }
}
