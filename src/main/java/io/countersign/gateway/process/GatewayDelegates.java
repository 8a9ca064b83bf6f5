package io.countersign.gateway.process;

import io.countersign.gateway.Attachments;
import io.countersign.gateway.ClientAccess;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.Routes;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service tasks of {@code route-change}, {@code attachment-change} and {@code client-access}. */
@Configuration(proxyBeanMethods = false)
class GatewayDelegates {

    /** Notes that a route's request is approved in full. */
    @Bean
    JavaDelegate approveRouteChange(Routes routes) {
        return execution -> routes.approved(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }

    /** Hands an approved change to deployment, in the transaction that somebody deploys it in. */
    @Bean
    JavaDelegate releaseRoute(Deployments deployments) {
        return execution ->
                deployments.release(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }

    /** Returns a route to the status it had: its request was rejected or cancelled. */
    @Bean
    JavaDelegate refuseRouteChange(Routes routes) {
        return execution -> routes.refused(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }

    /** Notes that an attachment's request is approved in full. */
    @Bean
    JavaDelegate approveAttachmentChange(Attachments attachments) {
        return execution ->
                attachments.approved(GatewayProcess.attachmentId(execution), GatewayProcess.approvalId(execution));
    }

    /** Returns an attachment to the status it had: its request was rejected or cancelled. */
    @Bean
    JavaDelegate refuseAttachmentChange(Attachments attachments) {
        return execution ->
                attachments.refused(GatewayProcess.attachmentId(execution), GatewayProcess.approvalId(execution));
    }

    /** Brings a client's addresses to the target, or removes its key there. */
    @Bean
    JavaDelegate applyClientAccess(ClientAccess access) {
        return execution -> access.apply(GatewayProcess.clientId(execution));
    }
}
