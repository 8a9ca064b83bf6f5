package io.countersign.tenant;

import io.countersign.api.problem.Forbidden;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Platform-wide settings for tenants, unless their orchestrator overrides them. */
@Component
@Transactional
public class TenantSettings {

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final AuditTrail audit;

    TenantSettings(JdbcClient jdbc, Memberships memberships, AuditTrail audit) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.audit = audit;
    }

    /**
     * The settings.
     *
     * @param approvalRequired whether registrations need approval
     */
    public record Values(boolean approvalRequired) {}

    /**
     * @param reader a superadmin
     * @return the settings
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    @Transactional(readOnly = true)
    public Values get(UserId reader) {
        memberships.require(reader, Scope.PLATFORM, Permission.ORCHESTRATOR_MANAGE);
        return read();
    }

    /**
     * Changes the settings. Existing registrations are not affected.
     *
     * @param actor a superadmin
     * @throws Forbidden with {@code missing_permission} for anyone else
     */
    public Values set(UserId actor, Values values) {
        memberships.require(actor, Scope.PLATFORM, Permission.ORCHESTRATOR_MANAGE);
        Values before = read();
        jdbc.sql("update tenant_settings set approval_required = ?")
                .param(values.approvalRequired())
                .update();
        audit.record(
                AuditAction.UPDATE,
                new AuditSubject("tenant_settings", "platform", "Tenants", Scope.PLATFORM.toString()),
                Map.of("approval_required", values.approvalRequired()),
                new Difference(before, values));
        return values;
    }

    /** @return the settings, without an access check */
    Values read() {
        return jdbc.sql("select approval_required from tenant_settings")
                .query(Values.class)
                .single();
    }
}
