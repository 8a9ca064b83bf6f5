package io.countersign.change;

import io.countersign.approval.freeze.Freeze;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/** What one transaction may do to the target in one scope. */
public final class Touch {

    private final Optional<Freeze> freeze;
    private final TransactionTemplate apart;

    Touch(Optional<Freeze> freeze, TransactionTemplate apart) {
        this.freeze = freeze;
        this.apart = apart;
    }

    /** @return the window that keeps the transaction from writing anything, if one is open */
    public Optional<Freeze> freeze() {
        return freeze;
    }

    /**
     * Notes what is about to be written, in a transaction of its own that is committed before the first write: a write
     * that fails half-way undoes the caller's transaction, and must not undo this. The caller holds no row until then.
     *
     * @param commitment checks everything that allows the writes, and notes that they begin
     * @return what it returns
     */
    public <T> T commitTo(Supplier<T> commitment) {
        return apart.execute(status -> commitment.get());
    }
}
