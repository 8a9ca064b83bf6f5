package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;

/**
 * A kind of thing whose requests can be called off until their first write. A module has one bean per kind; both
 * methods do nothing if the record says that it is already done.
 */
public interface Revocable {

    /** @return the kind */
    EntityType kind();

    /** Ends a cancelled request whose process cannot do so. */
    void cancelled(Approval approval);

    /**
     * Makes the thing wait for approval again after its approval lapsed or was taken back.
     *
     * @param reason the user-facing reason
     */
    default void reopened(Approval approval, String reason) {}
}
