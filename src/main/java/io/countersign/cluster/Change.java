package io.countersign.cluster;

import java.util.Locale;

/** The change last requested for a cluster. */
public enum Change {
    CREATE(ClusterEvent.RESUME_CREATION),
    UPDATE(ClusterEvent.RESUME_UPDATE),
    DELETE(ClusterEvent.RESUME_DELETION);

    private final ClusterEvent resumption;

    Change(ClusterEvent resumption) {
        this.resumption = resumption;
    }

    /** @return the event that resumes this change after a failure */
    public ClusterEvent resumption() {
        return resumption;
    }

    /** @return the name in the database and in the trail */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Change of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
