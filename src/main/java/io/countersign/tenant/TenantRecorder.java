package io.countersign.tenant;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.EntityType;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.change.Revocable;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Applies the rules to a transition and records it. Called only by the tasks of the lifecycle's process, so the same
 * rules apply however the process was moved; the exception is a registration that is cancelled after its process was
 * ended. Finds the tenant by its process instance, never by a variable that a client may have written.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class TenantRecorder implements Revocable {

    private static final String ENTITY = "tenant";

    private final TenantStore store;
    private final Approvals approvals;
    private final Memberships memberships;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    TenantRecorder(
            TenantStore store,
            Approvals approvals,
            Memberships memberships,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.store = store;
        this.approvals = approvals;
        this.memberships = memberships;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Links a lifecycle's new instance to its registration.
     *
     * @throws Conflict with {@code lifecycle_exists} if the registration already has an instance
     */
    public void link(RegistrationId registration, String processInstanceId) {
        if (!store.setProcess(registration, processInstanceId)) {
            throw new Conflict(
                    ErrorCode.LIFECYCLE_EXISTS, "Registration " + registration + " has its lifecycle already.");
        }
    }

    /**
     * Records that a tenant is active because its approval says so.
     *
     * @throws io.countersign.approval.NotApproved unless exactly this registration was approved in full
     * @throws Conflict with {@code invalid_transition} unless it is pending
     */
    public void activate(String processInstanceId) {
        Tenant tenant = lock(processInstanceId);
        approvals.carryOut(tenant.approvalId(), tenant.content());
        record(tenant, TenantEvent.APPROVE, AuditAction.ACTIVATE, Optional.empty());
    }

    /**
     * Records that a tenant is rejected because its approval was not given.
     *
     * @throws Conflict with {@code not_rejected} unless the approval is rejected or cancelled, with
     *     {@code invalid_transition} unless the tenant is pending
     */
    public void reject(String processInstanceId) {
        Tenant tenant = lock(processInstanceId);
        Approval approval = approvals.get(tenant.approvalId());
        if (approval.status() != ApprovalStatus.REJECTED && approval.status() != ApprovalStatus.CANCELLED) {
            throw new Conflict(
                    ErrorCode.NOT_REJECTED, "Nobody rejected the registration of " + tenant.tenantId() + ".");
        }
        record(
                tenant,
                TenantEvent.REJECT,
                AuditAction.CLOSE,
                approval.rejection().map(Decision::comment));
    }

    @Override
    public EntityType kind() {
        return TenantRequests.TYPE;
    }

    @Override
    public void cancelled(Approval approval) {
        store.find(RegistrationId.parse(approval.entityId()))
                .filter(tenant -> tenant.status() == TenantStatus.PENDING_APPROVAL)
                .ifPresent(tenant -> reject(tenant.processInstanceId()));
    }

    /**
     * Records a transition requested by the signed-in person.
     *
     * @param event suspend or reactivate
     * @param reason their reason
     * @throws Forbidden with {@code missing_permission} unless they are a superadmin
     * @throws Conflict with {@code invalid_transition} if the tenant's status does not allow it
     */
    public void change(String processInstanceId, TenantEvent event, Optional<String> reason) {
        memberships.require(CurrentUser.get(), Scope.PLATFORM, Permission.TENANT_MANAGE);
        record(
                lock(processInstanceId),
                event,
                event == TenantEvent.SUSPEND ? AuditAction.SUSPEND : AuditAction.REACTIVATE,
                reason);
    }

    private Tenant lock(String processInstanceId) {
        return store.lockByProcess(processInstanceId)
                .orElseThrow(() -> new NotFound("tenant of process instance", processInstanceId));
    }

    private void record(Tenant tenant, TenantEvent event, AuditAction action, Optional<String> reason) {
        TenantStatus next = TenantLifecycle.TABLE.after(tenant.status(), event);
        store.setStatus(tenant, next, clock.instant());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("tenant_id", tenant.tenantId());
        details.put("from", tenant.status());
        details.put("to", next);
        reason.ifPresent(text -> details.put("reason", text));
        audit.record(
                action,
                new AuditSubject(ENTITY, tenant.id().toString(), tenant.name(), Scope.PLATFORM.toString()),
                details,
                new Difference(Map.of("status", tenant.status()), Map.of("status", next)));
        events.publishEvent(new TenantStatusChanged(store.find(tenant.id()).orElseThrow(), tenant.status(), reason));
    }
}
