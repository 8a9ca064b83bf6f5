package io.countersign.resilience;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * An instance that shares the database.
 *
 * @param id new with every start; also the owner of the engine's job locks
 * @param host where it runs
 * @param version its version; null if unknown
 * @param startedAt since when
 * @param seenAt its last heartbeat
 * @param silence how long ago that was, by the database's clock
 * @param state what it is doing
 * @param struckOffAt when others remove it and take over its jobs, unless another heartbeat arrives
 * @param self whether it is the answering instance
 */
public record Node(
        String id,
        String host,
        String version,
        Instant startedAt,
        Instant seenAt,
        Duration silence,
        State state,
        Instant struckOffAt,
        boolean self) {

    /** What an instance is doing. */
    public enum State {
        /** It answers requests and runs jobs. */
        RUNNING,
        /** It was told to stop, begins no further job, and finishes what it has under way. */
        DRAINING,
        /** Several heartbeats are missing. */
        SILENT;

        /** @return its name in the API */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
