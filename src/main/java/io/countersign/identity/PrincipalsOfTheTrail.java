package io.countersign.identity;

import io.countersign.audit.AuditActors;
import org.springframework.stereotype.Component;

/** Supplies the trail with the current actor. */
@Component
class PrincipalsOfTheTrail implements AuditActors {

    @Override
    public Actor current() {
        Principal principal = Principal.current();
        return new Actor(principal.kind().wireName(), principal.name());
    }
}
