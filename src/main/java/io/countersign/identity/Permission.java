package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The permissions that roles can grant. */
public enum Permission {
    ROUTE_VIEW,
    ROUTE_CREATE,
    ROUTE_EDIT,
    ROUTE_DELETE,
    ROUTE_DEPLOY,
    ROUTE_APPROVE,
    CLIENT_VIEW,
    CLIENT_CREATE,
    CLIENT_EDIT,
    CLIENT_DELETE,
    CLIENT_MANAGE_IP,
    CLIENT_MANAGE_APIKEY,
    CLIENT_ATTACH,
    CLIENT_DETACH,
    CLIENT_APPROVE,
    DOMAIN_VIEW,
    DOMAIN_CREATE,
    DOMAIN_EDIT,
    DOMAIN_DELETE,
    PROJECT_SETTINGS,
    PROJECT_TEAMS,
    PROJECT_APPROVAL_POLICY,
    AUDIT_VIEW,
    CLUSTER_VIEW,
    CLUSTER_CREATE,
    CLUSTER_UPDATE,
    CLUSTER_DELETE,
    CLUSTER_RETRY,
    CLUSTER_APPROVE,
    ORGANIZATION_MEMBERS,
    ORGANIZATION_APPROVAL_POLICY,
    TENANT_VIEW,
    TENANT_APPROVE,
    TENANT_MANAGE,
    ORCHESTRATOR_MANAGE;

    private final String wireName = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");

    /** @return the name in policies and JSON, such as {@code client.manage_ip} */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** @return whether it lets people decide a stage of an approval */
    public boolean decides() {
        return name().endsWith("_APPROVE");
    }

    /** @return whether its holders get user tasks, so that the engine needs a group of them */
    public boolean hasTasks() {
        return decides() || this == ROUTE_DEPLOY;
    }

    /**
     * @param wireName a name such as {@code route.approve}
     * @return the permission, or empty if there is none of that name
     */
    public static Optional<Permission> find(String wireName) {
        return Arrays.stream(values())
                .filter(permission -> permission.wireName().equals(wireName))
                .findFirst();
    }

    /**
     * @param wireName a name such as {@code route.approve}
     * @return the permission
     * @throws IllegalArgumentException if there is none of that name
     */
    @JsonCreator
    public static Permission of(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("No permission " + wireName));
    }
}
