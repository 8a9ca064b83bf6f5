package io.countersign.chain;

import java.util.Locale;

/**
 * The first thing that is wrong with a chain.
 *
 * @param kind what was done
 * @param sequence the first place that is not as it was sealed
 * @param explanation the same for a person
 */
public record Finding(Kind kind, long sequence, String explanation) {

    /** What can be done to a trail. */
    public enum Kind {
        /** An entry does not say any more what it said. */
        CHANGED,
        /** An entry is gone. */
        MISSING,
        /** An entry is in the place of another one. */
        REORDERED,
        /** There is an entry that was never there. */
        INSERTED,
        /** The chain is whole in itself, but not the one that was anchored. */
        REWRITTEN,
        /** The newest entries are gone. */
        TAIL_CUT;

        /** @return the name in JSON */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
