package io.countersign.identity;

import static io.countersign.identity.Permission.*;

import java.util.Locale;
import java.util.Set;

/** A member's role in an organization: a preset of permissions. */
public enum OrganizationRole implements Role {
    OWNER(
            CLUSTER_VIEW,
            CLUSTER_CREATE,
            CLUSTER_UPDATE,
            CLUSTER_DELETE,
            CLUSTER_RETRY,
            CLUSTER_APPROVE,
            ORGANIZATION_MEMBERS,
            ORGANIZATION_APPROVAL_POLICY,
            AUDIT_VIEW),
    ADMIN(CLUSTER_VIEW, CLUSTER_CREATE, CLUSTER_UPDATE, CLUSTER_DELETE, AUDIT_VIEW),
    DEVELOPER(CLUSTER_VIEW),
    VIEWER(CLUSTER_VIEW);

    private final Set<Permission> permissions;

    OrganizationRole(Permission... permissions) {
        this.permissions = Set.of(permissions);
    }

    @Override
    public Set<Permission> permissions() {
        return permissions;
    }

    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
