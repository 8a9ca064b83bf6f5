package io.countersign.identity.membership;

import io.countersign.audit.AuditReaders;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Determines who may read the trail: superadmins all of it, others the scopes where their role has {@code audit.view}.
 */
@Component
class AuditScopes implements AuditReaders {

    private final Memberships memberships;

    AuditScopes(Memberships memberships) {
        this.memberships = memberships;
    }

    @Override
    public boolean readsEverything(String user) {
        return memberships.find(new UserId(user), Scope.PLATFORM).isPresent();
    }

    @Override
    public Set<String> scopesReadBy(String user) {
        return memberships.of(new UserId(user)).stream()
                .filter(membership -> membership.permissions().contains(Permission.AUDIT_VIEW))
                .map(membership -> membership.scope().toString())
                .collect(Collectors.toSet());
    }
}
