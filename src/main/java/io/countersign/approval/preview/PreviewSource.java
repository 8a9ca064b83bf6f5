package io.countersign.approval.preview;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import java.util.List;

/** Previews the external effect of carrying out requests of some kinds. */
public interface PreviewSource {

    /** @return whether it carries out requests of this kind */
    boolean carriesOut(EntityType type);

    /**
     * Queries external systems, which may take a moment: must not be called in a transaction. Changes nothing.
     *
     * @param approval a request of such a kind, whatever its status
     * @return the objects that carrying it out now would touch, unchanged ones included; empty if its subject is gone
     */
    List<ObjectChange> preview(Approval approval);
}
