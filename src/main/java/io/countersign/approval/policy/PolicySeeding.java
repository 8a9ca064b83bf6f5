package io.countersign.approval.policy;

import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.identity.Scope;
import io.countersign.identity.project.ProjectCreated;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gives a new project the default policies. */
@Component
class PolicySeeding {

    private final Policies policies;
    private final RequestKinds kinds;

    PolicySeeding(Policies policies, RequestKinds kinds) {
        this.policies = policies;
        this.kinds = kinds;
    }

    @EventListener
    void seed(ProjectCreated created) {
        for (RequestKind kind : kinds.in(Scope.Type.PROJECT)) {
            policies.store(Scope.project(created.project()), kind.type(), kind.defaultPolicy());
        }
    }
}
