package io.countersign.transaction;

import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs actions in one transaction each, and retries them on concurrent modification. */
@Component
public class RepeatableTransaction {

    /** How often a deed is tried that meets another one. */
    private static final int TRIES = 3;

    private final TransactionTemplate transaction;

    RepeatableTransaction(TransactionTemplate transaction) {
        this.transaction = transaction;
    }

    /**
     * @param deed what to do; may be done more than once, and all but the last time for nothing
     * @return what it returns
     * @throws ConcurrencyFailureException if it met another one each time
     */
    public <T> T execute(Supplier<T> deed) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> deed.get());
            } catch (ConcurrencyFailureException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
