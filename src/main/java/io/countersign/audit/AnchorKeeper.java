package io.countersign.audit;

import io.countersign.chain.Anchor;
import java.time.Instant;

/** A place outside the database that remembers the newest hash, so that cutting off the trail's tail shows too. */
public interface AnchorKeeper {

    /**
     * Notes where the chain ends.
     *
     * @param anchor the newest entry's place and hash
     * @param at what time it is
     * @throws RuntimeException if that did not work; a later anchor is tried with the next interval
     */
    void keep(Anchor anchor, Instant at);
}
