package io.countersign.approval.policy;

import io.countersign.approval.EntityType;
import io.countersign.identity.Scope;
import io.countersign.identity.project.ProjectCreated;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gives a new project the default policies (multi-stage-approval page, "Default Approval Policies"). */
@Component
class PolicySeeding {

    private final Policies policies;

    PolicySeeding(Policies policies) {
        this.policies = policies;
    }

    @EventListener
    void seed(ProjectCreated created) {
        for (EntityType type : EntityType.values()) {
            if (type.scopeType() == Scope.Type.PROJECT) {
                policies.store(Scope.project(created.project()), type, Policies.defaultFor(type));
            }
        }
    }
}
