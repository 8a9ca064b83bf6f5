package io.countersign.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionMemoryTest extends ProcessTest {

    private final TransactionMemory<String, Integer> memory = new TransactionMemory<>();
    private final AtomicInteger reads = new AtomicInteger();

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void what_a_transaction_has_read_it_does_not_read_again() {
        transaction.executeWithoutResult(status -> {
            assertThat(read("a")).isEqualTo(1);
            assertThat(read("a")).isEqualTo(1);
            assertThat(read("b")).isEqualTo(2);
        });
    }

    @Test
    void each_transaction_reads_anew() {
        transaction.executeWithoutResult(status -> read("a"));

        transaction.executeWithoutResult(status -> assertThat(read("a")).isEqualTo(2));
    }

    @Test
    void nothing_is_remembered_without_a_transaction() {
        read("a");

        assertThat(read("a")).isEqualTo(2);
        assertThat(memory.find("a")).isEmpty();
    }

    @Test
    void transaction_within_a_transaction_has_a_memory_of_its_own() {
        TransactionTemplate apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        transaction.executeWithoutResult(outer -> {
            assertThat(read("a")).isEqualTo(1);
            apart.executeWithoutResult(inner -> assertThat(read("a")).isEqualTo(2));
            assertThat(read("a")).isEqualTo(1);
        });
    }

    @Test
    void nothing_is_remembered_once_the_transaction_is_over() {
        transaction.executeWithoutResult(
                status -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int outcome) {
                        read("a");
                        read("a");
                    }
                }));

        assertThat(reads).hasValue(2);
        assertThat(memory.find("a")).isEmpty();
    }

    @Test
    void change_is_made_to_what_is_remembered_and_to_nothing_else() {
        transaction.executeWithoutResult(status -> {
            read("a");
            memory.change("a", value -> value + 10);
            memory.change("b", value -> value + 10);

            assertThat(read("a")).isEqualTo(11);
            assertThat(read("b")).isEqualTo(2);
        });
    }

    @Test
    void what_was_written_elsewhere_is_read_anew_once_it_is_forgotten() {
        transaction.executeWithoutResult(status -> {
            read("a");

            memory.clear();

            assertThat(read("a")).isEqualTo(2);
        });
    }

    private int read(String key) {
        return memory.get(key, reads::incrementAndGet);
    }
}
