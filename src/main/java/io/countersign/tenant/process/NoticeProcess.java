package io.countersign.tenant.process;

import io.countersign.approval.Approval;
import io.countersign.change.CarriedOutByProcess;
import io.countersign.identity.Scope;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** {@code tenant-notice} tells of a tenant's status: the only thing about tenants that reaches the outside world. */
@Component
class NoticeProcess implements CarriedOutByProcess {

    @Override
    public String process() {
        return TenantProcess.NOTICE_KEY;
    }

    @Override
    public String variable() {
        return TenantProcess.NOTICE_ID;
    }

    /** The incident says it all: nothing waits for a notice. */
    @Override
    public void gaveUp(UUID notice, String rootProcess, String reason) {}

    /** An approved tenant is active whoever was told. */
    @Override
    public Optional<UUID> subjectOf(Approval approval) {
        return Optional.empty();
    }

    /** Notices wait for no window. */
    @Override
    public Optional<Scope> scopeOf(UUID notice) {
        return Optional.empty();
    }
}
