package io.countersign.gateway;

import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Checks what people may see and do in a project. */
@Component
class ProjectAccess {

    private final Memberships memberships;

    ProjectAccess(Memberships memberships) {
        this.memberships = memberships;
    }

    /** @return the person's membership in the project; empty if they are not a member */
    Optional<Membership> find(UserId user, String project) {
        return memberships.find(user, Scope.project(project));
    }

    /**
     * @return the person's membership in the project
     * @throws NotFound if they are not a member
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     */
    Membership require(UserId user, String project, Permission permission) {
        return memberships.require(user, Scope.project(project), permission);
    }

    /**
     * Guards reading: superadmins see everything.
     *
     * @throws NotFound if they are neither a member nor a superadmin
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     */
    void requireView(UserId user, String project, Permission permission) {
        memberships.requireView(user, Scope.project(project), permission);
    }
}
