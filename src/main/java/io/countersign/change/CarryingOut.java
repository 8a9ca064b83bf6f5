package io.countersign.change;

import io.countersign.approval.freeze.Freezes;
import io.countersign.identity.Scope;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the target to the transaction that carries an approved change out. */
@Component
public class CarryingOut {

    private final Freezes freezes;
    private final TransactionTemplate apart;

    CarryingOut(Freezes freezes, PlatformTransactionManager transactions) {
        this.freezes = freezes;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * To be called before a transaction touches the target for a scope. No freeze window is set there until the
     * transaction ends.
     *
     * @return what the transaction may do there
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Touch begin(Scope scope) {
        return new Touch(freezes.hold(scope), apart);
    }

    /** @return when whatever waits for a window in a scope should look again: at its end, or now if none holds */
    @Transactional(readOnly = true)
    public Instant freezeEnds(Scope scope) {
        return freezes.endIn(scope);
    }
}
