package io.countersign.transaction;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Remembers what the current transaction has read, so that it need not read it again: rows it has locked, and answers
 * that may be as of its beginning. Each transaction starts with an empty memory, including nested ones; nothing is
 * remembered outside a transaction.
 *
 * <p>Code that writes remembered data must call {@link #put}, {@link #change} or {@link #clear}.
 *
 * @param <K> what is asked for
 * @param <V> the answer; never null
 */
public final class TransactionMemory<K, V> {

    /** @return what is remembered for a key */
    public Optional<V> find(K key) {
        return current().map(known -> known.get(key));
    }

    /** @return what is remembered for a key, or else what is read now, which is then remembered */
    public V get(K key, Supplier<V> read) {
        return find(key).orElseGet(() -> {
            V value = read.get();
            put(key, value);
            return value;
        });
    }

    /** Remembers a value until the transaction ends; nothing is remembered any more while it ends. */
    public void put(K key, V value) {
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive()) {
            current().orElseGet(this::begin).put(key, value);
        }
    }

    /** Changes what is remembered for a key, if anything is. */
    public void change(K key, UnaryOperator<V> change) {
        current().ifPresent(known -> known.computeIfPresent(key, (same, value) -> change.apply(value)));
    }

    /** Forgets everything. */
    public void clear() {
        current().ifPresent(Map::clear);
    }

    @SuppressWarnings("unchecked")
    private Optional<Map<K, V>> current() {
        return Optional.ofNullable((Map<K, V>) TransactionSynchronizationManager.getResource(this));
    }

    private Map<K, V> begin() {
        Map<K, V> known = new HashMap<>();
        TransactionSynchronizationManager.bindResource(this, known);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void suspend() {
                TransactionSynchronizationManager.unbindResource(TransactionMemory.this);
            }

            @Override
            public void resume() {
                TransactionSynchronizationManager.bindResource(TransactionMemory.this, known);
            }

            @Override
            public void afterCompletion(int status) {
                TransactionSynchronizationManager.unbindResourceIfPossible(TransactionMemory.this);
            }
        });
        return known;
    }
}
