package io.countersign.tenant;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.approval.ApprovalId;
import io.countersign.tenant.feature.Feature;
import io.countersign.tenant.feature.Features;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads and writes tenants' rows. Every write increments the orchestrator's sync version in the same transaction,
 * always after locking the tenant's row, so that two writers never deadlock.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class TenantStore {

    private static final String SELECT = """
            select t.id, t.orchestrator_id, t.orchestrator_name, o.client_id, t.tenant_id, t.name, t.contact_email,
                   t.status, t.latest, coalesce(t.suricata, true) as suricata,
                   coalesce(t.wireguard_iot, true) as wireguard_iot, t.approval_id, t.process_instance_id,
                   t.registered_at, t.status_changed_at
            from tenants t join orchestrators o on o.id = t.orchestrator_id
            """;

    private static final Keyset<Tenant> NEWEST_FIRST = Keyset.newestFirst(
            "t.registered_at", "t.id", Key::uuid, tenant -> Key.of(tenant.registeredAt(), tenant.id()));

    private final JdbcClient jdbc;

    TenantStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Inserts a new registration, unless the tenant has one that is not rejected. The second of two concurrent calls
     * waits here until the first has committed.
     *
     * @return whether it was inserted
     */
    public boolean insert(
            RegistrationId id,
            Orchestrator orchestrator,
            String tenantId,
            String name,
            String contactEmail,
            Instant now) {
        jdbc.sql("""
                        update tenants set latest = false
                        where orchestrator_id = ? and tenant_id = ? and latest and status = ?""")
                .params(orchestrator.id().value(), tenantId, TenantStatus.REJECTED.wireName())
                .update();
        boolean inserted = jdbc.sql("""
                                insert into tenants (id, orchestrator_id, orchestrator_name, tenant_id, name,
                                                     contact_email, status, latest, registered_at, status_changed_at)
                                values (?, ?, ?, ?, ?, ?, ?, true, ?, ?)
                                on conflict (orchestrator_id, tenant_id) where latest do nothing""")
                        .params(
                                id.value(),
                                orchestrator.id().value(),
                                orchestrator.name(),
                                tenantId,
                                name,
                                contactEmail,
                                TenantStatus.PENDING_APPROVAL.wireName(),
                                Timestamp.from(now),
                                Timestamp.from(now))
                        .update()
                == 1;
        if (inserted) {
            countUp(orchestrator.id());
        }
        return inserted;
    }

    /** Records which approval decides about a registration. */
    public void setApproval(RegistrationId id, ApprovalId approval) {
        jdbc.sql("update tenants set approval_id = ? where id = ?")
                .params(approval.value(), id.value())
                .update();
    }

    /**
     * Links a process instance to a registration that has none yet.
     *
     * @return whether it was linked
     */
    public boolean setProcess(RegistrationId id, String processInstanceId) {
        return jdbc.sql("update tenants set process_instance_id = ? where id = ? and process_instance_id is null")
                        .params(processInstanceId, id.value())
                        .update()
                == 1;
    }

    /** Links another process instance to a tenant whose row is locked and whose own instance is gone. */
    public void replaceProcess(Tenant tenant, String processInstanceId) {
        jdbc.sql("update tenants set process_instance_id = ? where id = ?")
                .params(processInstanceId, tenant.id().value())
                .update();
    }

    /** Changes the status of a tenant whose row is locked. */
    public void setStatus(Tenant tenant, TenantStatus status, Instant now) {
        jdbc.sql("update tenants set status = ?, status_changed_at = ? where id = ?")
                .params(status.wireName(), Timestamp.from(now), tenant.id().value())
                .update();
        countUp(tenant.orchestrator());
    }

    /** Sets a feature of a tenant whose row is locked. */
    public void setFeature(Tenant tenant, Feature feature, boolean enabled) {
        jdbc.sql(
                        switch (feature) {
                            case SURICATA -> "update tenants set suricata = ? where id = ?";
                            case WIREGUARD_IOT -> "update tenants set wireguard_iot = ? where id = ?";
                        })
                .params(enabled, tenant.id().value())
                .update();
        // Its orchestrator sees the features of active tenants only.
        if (tenant.status() == TenantStatus.ACTIVE && tenant.features().has(feature) != enabled) {
            countUp(tenant.orchestrator());
        }
    }

    /** @return the registration of that id */
    public Optional<Tenant> find(RegistrationId id) {
        return jdbc.sql(SELECT + "where t.id = ?")
                .param(id.value())
                .query(TenantStore::tenant)
                .optional();
    }

    /** @return the same, locked until the transaction ends */
    public Optional<Tenant> lock(RegistrationId id) {
        return jdbc.sql(SELECT + "where t.id = ? for update of t")
                .param(id.value())
                .query(TenantStore::tenant)
                .optional();
    }

    /** @return the registration of a process instance, locked until the transaction ends */
    public Optional<Tenant> lockByProcess(String processInstanceId) {
        return jdbc.sql(SELECT + "where t.process_instance_id = ? for update of t")
                .param(processInstanceId)
                .query(TenantStore::tenant)
                .optional();
    }

    /** @return the last registration of a tenant by an orchestrator */
    public Optional<Tenant> findLatest(OrchestratorId orchestrator, String tenantId) {
        return jdbc.sql(SELECT + "where t.orchestrator_id = ? and t.tenant_id = ? and t.latest")
                .params(orchestrator.value(), tenantId)
                .query(TenantStore::tenant)
                .optional();
    }

    /** @return all registrations of a tenant by an orchestrator, newest first */
    public List<Tenant> history(OrchestratorId orchestrator, String tenantId) {
        return jdbc.sql(SELECT + """
                        where t.orchestrator_id = ? and t.tenant_id = ?
                        order by t.registered_at desc, t.id desc""")
                .params(orchestrator.value(), tenantId)
                .query(TenantStore::tenant)
                .list();
    }

    /** @return registrations, newest first */
    public Page<Tenant> list(Tenants.Query wanted, PageRequest page) {
        PageQuery query = PageQuery.of(SELECT + "where true")
                .andIf("t.status = ?", wanted.status().map(TenantStatus::wireName))
                .andIf("t.orchestrator_id = ?", wanted.orchestrator().map(OrchestratorId::value));
        wanted.text()
                .ifPresent(text -> query.and(
                        "(strpos(lower(t.name), lower(?)) > 0 or strpos(lower(t.tenant_id), lower(?)) > 0)",
                        text,
                        text));
        if (wanted.latestOnly()) {
            query.and("t.latest");
        }
        return query.page(jdbc, TenantStore::tenant, NEWEST_FIRST, page);
    }

    private void countUp(OrchestratorId orchestrator) {
        jdbc.sql("update feature_sync_versions set version = version + 1 where orchestrator_id = ?")
                .param(orchestrator.value())
                .update();
    }

    private static Tenant tenant(ResultSet row, int number) throws SQLException {
        return new Tenant(
                new RegistrationId(row.getObject("id", UUID.class)),
                new OrchestratorId(row.getObject("orchestrator_id", UUID.class)),
                row.getString("orchestrator_name"),
                row.getString("client_id"),
                row.getString("tenant_id"),
                row.getString("name"),
                row.getString("contact_email"),
                TenantStatus.find(row.getString("status")).orElseThrow(),
                row.getBoolean("latest"),
                new Features(row.getBoolean("suricata"), row.getBoolean("wireguard_iot")),
                new ApprovalId(row.getObject("approval_id", UUID.class)),
                row.getString("process_instance_id"),
                row.getTimestamp("registered_at").toInstant(),
                row.getTimestamp("status_changed_at").toInstant());
    }
}
