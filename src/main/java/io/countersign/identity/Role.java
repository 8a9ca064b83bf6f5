package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;

/** A member's role in an organization or a project: a preset of permissions. */
public sealed interface Role permits OrganizationRole, ProjectRole {

    /** @return what this role allows */
    Set<Permission> permissions();

    /** @return the name in the database and in JSON */
    @JsonValue
    String wireName();

    /** @return whether it owns the organization or project */
    default boolean owner() {
        return this == OrganizationRole.OWNER || this == ProjectRole.OWNER;
    }
}
