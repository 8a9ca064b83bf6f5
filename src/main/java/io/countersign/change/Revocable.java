package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;

/**
 * A kind of thing whose requests can be called off until their first write. A module has one bean for each; both
 * methods do nothing where the record says that it is done already.
 */
public interface Revocable {

    /** @return the kind */
    EntityType kind();

    /** Ends a request that was cancelled, and whose process cannot do that. */
    void cancelled(Approval approval);

    /**
     * Has the thing wait for its approval again, which lapsed or was taken back.
     *
     * @param reason why, for a person
     */
    default void reopened(Approval approval, String reason) {}
}
