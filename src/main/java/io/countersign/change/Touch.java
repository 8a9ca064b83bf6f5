package io.countersign.change;

import io.countersign.approval.Freeze;
import java.util.Optional;

/** What one transaction may do to the target in one scope. */
public final class Touch {

    private final Optional<Freeze> freeze;

    Touch(Optional<Freeze> freeze) {
        this.freeze = freeze;
    }

    /** @return the window that keeps the transaction from writing anything, if one is open */
    public Optional<Freeze> freeze() {
        return freeze;
    }
}
