package io.countersign.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.secret.Sha256;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lets a client repeat a POST that creates something without creating it twice, by the {@code Idempotency-Key} header.
 * The key and the answer are stored in the transaction that creates, so a key exists exactly if its thing does.
 */
@Component
public class Idempotency {

    private final JdbcClient jdbc;
    private final ObjectMapper json;

    Idempotency(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Creates something at most once for a key.
     *
     * @param caller the caller; keys of different callers are independent
     * @param operation the operation, such as {@code POST /orgs/acme/clusters}
     * @param key the header's value; without one the creation simply runs
     * @param request the body; the same key with another body is refused
     * @param responseType what creation returns
     * @param create creates the resource and its answer
     * @return the answer, of this call or of the first one with this key
     * @throws Conflict with {@code idempotency_key_reused} if the key was used for another request
     */
    @Transactional
    public <T> T once(
            String caller,
            String operation,
            Optional<String> key,
            Object request,
            Class<T> responseType,
            Supplier<T> create) {
        if (key.isEmpty()) {
            return create.get();
        }
        if (key.get().isBlank() || key.get().length() > 200) {
            throw new InvalidInput("Idempotency-Key", "must have 1 to 200 characters");
        }
        String requestHash = Sha256.of(write(request));
        // A second transaction with the same key waits here until the first one ends.
        boolean first =
                jdbc.sql("""
                                insert into idempotency_keys (caller, operation, key, request_hash)
                                values (?, ?, ?, ?) on conflict do nothing""").params(caller, operation, key.get(), requestHash).update() == 1;
        if (first) {
            T response = create.get();
            jdbc.sql("update idempotency_keys set response = ? where caller = ? and operation = ? and key = ?")
                    .params(write(response), caller, operation, key.get())
                    .update();
            return response;
        }
        Stored stored = jdbc.sql("""
                        select request_hash, response from idempotency_keys
                        where caller = ? and operation = ? and key = ?""")
                .params(caller, operation, key.get())
                .query(Stored.class)
                .single();
        if (!stored.requestHash().equals(requestHash)) {
            throw new Conflict(ErrorCode.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used for another request.");
        }
        try {
            return json.readValue(stored.response(), responseType);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Stored response of an idempotent request is unreadable", e);
        }
    }

    /** @return whether a request of that key was answered already, so that nothing is left to ask about it */
    @Transactional(readOnly = true)
    public boolean isAnswered(String caller, String operation, Optional<String> key) {
        return key.isPresent()
                && jdbc.sql("""
                                select exists (select from idempotency_keys
                                               where caller = ? and operation = ? and key = ?)""")
                        .params(caller, operation, key.get())
                        .query(Boolean.class)
                        .single();
    }

    /** Forgets keys after a day, long after any client repeats a request. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetOldKeys() {
        jdbc.sql("delete from idempotency_keys where created_at < now() - interval '1 day'")
                .update();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not writable as JSON: " + value.getClass(), e);
        }
    }

    record Stored(String requestHash, String response) {}
}
