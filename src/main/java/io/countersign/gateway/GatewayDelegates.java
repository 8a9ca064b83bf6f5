package io.countersign.gateway;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.ApprovalId;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service tasks of {@code route-change}, {@code attachment-change} and {@code client-access}. */
@Configuration(proxyBeanMethods = false)
class GatewayDelegates {

    /** Records that a route's request is approved in full. */
    @Bean
    JavaDelegate approveRouteChange(Routes routes) {
        return execution -> routes.approved(id(execution, "routeId"), approval(execution));
    }

    /** Hands an approved change to deployment, in the transaction that deploys it. */
    @Bean
    JavaDelegate releaseRoute(Deployments deployments) {
        return execution -> deployments.release(id(execution, "routeId"), approval(execution));
    }

    /** Returns a route to the status it had: its request was rejected or cancelled. */
    @Bean
    JavaDelegate refuseRouteChange(Routes routes) {
        return execution -> routes.refused(id(execution, "routeId"), approval(execution));
    }

    /** Records that an attachment's request is approved in full. */
    @Bean
    JavaDelegate approveAttachmentChange(Attachments attachments) {
        return execution -> attachments.approved(id(execution, "attachmentId"), approval(execution));
    }

    /** Returns an attachment to the status it had: its request was rejected or cancelled. */
    @Bean
    JavaDelegate refuseAttachmentChange(Attachments attachments) {
        return execution -> attachments.refused(id(execution, "attachmentId"), approval(execution));
    }

    /** Applies a client's addresses to the target, or removes its key there. */
    @Bean
    JavaDelegate applyClientAccess(ClientAccess access) {
        return execution -> access.apply(id(execution, "clientId"));
    }

    private static ApprovalId approval(DelegateExecution execution) {
        return new ApprovalId(id(execution, "approvalId"));
    }

    private static UUID id(DelegateExecution execution, String variable) {
        return ProcessSubject.id(
                execution.getVariable(variable),
                variable,
                "POST /api/v1/projects/{project}/domains/{domain}/routes or /api/v1/projects/{project}/attachments");
    }
}
