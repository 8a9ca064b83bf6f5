package io.countersign.change;

import io.countersign.approval.Freezes;
import io.countersign.identity.Scope;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Opens the target to the transaction that carries an approved change out. */
@Component
public class CarryingOut {

    private final Freezes freezes;

    CarryingOut(Freezes freezes) {
        this.freezes = freezes;
    }

    /**
     * To be called before a transaction touches the target for a scope. No freeze window is set there until the
     * transaction ends.
     *
     * @return what the transaction may do there
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Touch begin(Scope scope) {
        return new Touch(freezes.hold(scope));
    }

    /** @return when whatever waits for a window in a scope should look again: at its end, or now if none holds */
    @Transactional(readOnly = true)
    public Instant freezeEnds(Scope scope) {
        return freezes.endIn(scope);
    }
}
