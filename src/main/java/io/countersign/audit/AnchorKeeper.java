package io.countersign.audit;

import io.countersign.chain.Anchor;
import java.time.Instant;

/** A place outside the database that remembers the newest hash, so that a truncated trail is detected too. */
public interface AnchorKeeper {

    /**
     * Records the end of the chain.
     *
     * @param anchor the newest entry's place and hash
     * @param at the current time
     * @throws RuntimeException if it cannot be recorded; the next interval tries a newer anchor
     */
    void keep(Anchor anchor, Instant at);
}
