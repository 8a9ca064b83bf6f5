package io.countersign.change;

import io.countersign.approval.freeze.Freeze;

/**
 * Why a change is not carried out now, as reported to its process.
 *
 * @param error the code of the error that the model catches
 * @param reason the user-facing reason
 */
public record Held(String error, String reason) {

    /** A freeze window is open: the process waits for its end. */
    public static Held frozen(Freeze window) {
        return new Held("FROZEN", window.waiting());
    }

    /** The approval lapsed before anything was written: the process returns to its stages. */
    public static Held lapsed(String reason) {
        return new Held("LAPSED", reason);
    }
}
