package io.countersign.tenant.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.mail.DirectMailer;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantStatus;
import io.countersign.tenant.TenantStatusChanged;
import io.countersign.tenant.TenantStore;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorStatus;
import io.countersign.tenant.orchestrator.Orchestrators;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Notifies a tenant's contact by mail, and its orchestrator by webhook, of a status change. Notices are queued in the
 * transaction of the change and delivered in the transaction of an engine job: at least once, under one id.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class TenantNotices {

    private final JdbcClient jdbc;
    private final TenantStore tenants;
    private final Orchestrators orchestrators;
    private final NoticeJobs jobs;
    private final DirectMailer mail;
    private final SignedWebhooks webhooks;
    private final ObjectMapper json;
    private final Clock clock;

    TenantNotices(
            JdbcClient jdbc,
            TenantStore tenants,
            Orchestrators orchestrators,
            NoticeJobs jobs,
            DirectMailer mail,
            SignedWebhooks webhooks,
            ObjectMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.tenants = tenants;
        this.orchestrators = orchestrators;
        this.jobs = jobs;
        this.mail = mail;
        this.webhooks = webhooks;
        this.json = json;
        this.clock = clock;
    }

    /** Queues the notices of a change. */
    @EventListener
    public void queue(TenantStatusChanged change) {
        queue(change, Notice.Kind.MAIL);
        if (receiver(change.tenant()).isPresent()) {
            queue(change, Notice.Kind.WEBHOOK);
        }
    }

    /**
     * Delivers a notice, or drops it if there is nowhere left to send it. Does nothing if that happened already, and
     * rethrows the receiver's refusal, so that the job is retried.
     */
    public void deliver(UUID id) {
        lockQueued(id).ifPresent(notice -> {
            Tenant tenant = tenants.find(notice.tenant()).orElseThrow();
            boolean sent = switch (notice.kind()) {
                case MAIL -> mail(notice, tenant);
                case WEBHOOK -> post(notice, tenant);
            };
            jdbc.sql("update tenant_notices set status = ?, closed_at = ? where id = ?")
                    .params(sent ? "sent" : "dropped", Timestamp.from(clock.instant()), id)
                    .update();
        });
    }

    private void queue(TenantStatusChanged change, Notice.Kind kind) {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                        insert into tenant_notices (id, tenant, kind, from_status, to_status, reason, occurred_at, status)
                        values (?, ?, ?, ?, ?, ?, ?, 'queued')""")
                .params(
                        id,
                        change.tenant().id().value(),
                        kind.wireName(),
                        change.from().wireName(),
                        change.tenant().status().wireName(),
                        change.reason().orElse(null),
                        Timestamp.from(change.tenant().statusChangedAt()))
                .update();
        jobs.start(id, change.tenant().tenantId());
    }

    private boolean mail(Notice notice, Tenant tenant) {
        List<Fact> facts = new ArrayList<>(List.of(
                new Fact("Tenant", tenant.name()),
                new Fact("Tenant ID", tenant.tenantId()),
                new Fact("Orchestrator", tenant.orchestratorName())));
        notice.reason().ifPresent(reason -> facts.add(new Fact("Reason", reason)));
        String outcome = outcome(notice.to());
        mail.send(
                notice.id(),
                tenant.contactEmail(),
                new Message(
                        "Tenant " + tenant.name() + " " + outcome,
                        "Your tenant " + tenant.name() + " " + outcome + ". " + effect(notice.to()),
                        facts,
                        Optional.empty()),
                "You are receiving this because the orchestrator " + tenant.orchestratorName()
                        + " named you as the tenant's contact.");
        return true;
    }

    private boolean post(Notice notice, Tenant tenant) {
        Optional<Orchestrator> receiver = receiver(tenant);
        receiver.ifPresent(orchestrator -> webhooks.post(
                notice.id(),
                orchestrator.url().orElseThrow(),
                orchestrators.webhookKey(orchestrator.id()),
                body(notice, tenant)));
        return receiver.isPresent();
    }

    private Optional<Orchestrator> receiver(Tenant tenant) {
        return orchestrators
                .find(tenant.orchestrator())
                .filter(orchestrator -> orchestrator.status() == OrchestratorStatus.ACTIVE)
                .filter(orchestrator -> orchestrator.url().isPresent());
    }

    private record Subject(RegistrationId id, String tenantId, String name) {}

    private record Body(
            UUID id,
            String type,
            Instant occurredAt,
            Subject tenant,
            TenantStatus from,
            TenantStatus to,
            Optional<String> reason) {}

    private String body(Notice notice, Tenant tenant) {
        try {
            return json.writeValueAsString(new Body(
                    notice.id(),
                    "tenant.status_changed",
                    notice.occurredAt(),
                    new Subject(tenant.id(), tenant.tenantId(), tenant.name()),
                    notice.from(),
                    notice.to(),
                    notice.reason()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The notice cannot be written as JSON", e);
        }
    }

    /** The second of two jobs with the same notice waits here, and then finds nothing queued. */
    private Optional<Notice> lockQueued(UUID id) {
        return jdbc.sql("""
                        select id, tenant, kind, from_status, to_status, reason, occurred_at
                        from tenant_notices where id = ? and status = 'queued' for update""")
                .param(id)
                .query((row, n) -> new Notice(
                        row.getObject("id", UUID.class),
                        new RegistrationId(row.getObject("tenant", UUID.class)),
                        Notice.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        TenantStatus.find(row.getString("from_status")).orElseThrow(),
                        TenantStatus.find(row.getString("to_status")).orElseThrow(),
                        Optional.ofNullable(row.getString("reason")),
                        row.getTimestamp("occurred_at").toInstant()))
                .optional();
    }

    private static String outcome(TenantStatus status) {
        return switch (status) {
            case PENDING_APPROVAL -> "awaits approval";
            case ACTIVE -> "is active";
            case SUSPENDED -> "is suspended";
            case REJECTED -> "was not approved";
        };
    }

    private static String effect(TenantStatus status) {
        return switch (status) {
            case PENDING_APPROVAL -> "A superadmin reviews it.";
            case ACTIVE -> "Its enabled features are available from the orchestrator's next sync.";
            case SUSPENDED ->
                "Its features are off from the orchestrator's next sync; what its edges already run is not"
                        + " disconnected.";
            case REJECTED -> "To ask again, the orchestrator must register it again.";
        };
    }
}
