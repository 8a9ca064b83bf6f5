package io.countersign.identity;

import static io.countersign.identity.Permission.*;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** A member's role in a project: a preset of permissions. */
public enum ProjectRole implements Role {
    VIEWER(Set.of(ROUTE_VIEW, CLIENT_VIEW, DOMAIN_VIEW)),
    EDITOR(
            VIEWER.permissions,
            ROUTE_CREATE,
            ROUTE_EDIT,
            ROUTE_DELETE,
            ROUTE_DEPLOY,
            CLIENT_CREATE,
            CLIENT_EDIT,
            CLIENT_DELETE,
            CLIENT_MANAGE_IP,
            CLIENT_MANAGE_APIKEY,
            CLIENT_ATTACH,
            CLIENT_DETACH,
            DOMAIN_CREATE,
            DOMAIN_EDIT,
            DOMAIN_DELETE),
    APPROVER(VIEWER.permissions, ROUTE_APPROVE, ROUTE_DEPLOY, CLIENT_APPROVE),
    ADMIN(
            EDITOR.permissions,
            ROUTE_APPROVE,
            CLIENT_APPROVE,
            PROJECT_SETTINGS,
            PROJECT_TEAMS,
            PROJECT_APPROVAL_POLICY,
            AUDIT_VIEW),
    OWNER(ADMIN.permissions);

    private final Set<Permission> permissions;

    ProjectRole(Set<Permission> inherited, Permission... more) {
        Set<Permission> all = new HashSet<>(inherited);
        all.addAll(Arrays.asList(more));
        this.permissions = Set.copyOf(all);
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
