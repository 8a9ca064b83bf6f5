package io.countersign.approval.preview;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import java.util.List;

/** Whoever carries out requests of some kind and can tell beforehand what that would do to the outside world. */
public interface PreviewSource {

    /** @return whether it carries out requests of this kind */
    boolean carriesOut(EntityType type);

    /**
     * Asks the outside world, which may take a moment: not to be called in a transaction. Changes nothing.
     *
     * @param approval a request of such a kind, whatever its status
     * @return the objects that carrying it out now would touch, unchanged ones included; empty if its subject is gone
     */
    List<ObjectChange> preview(Approval approval);
}
