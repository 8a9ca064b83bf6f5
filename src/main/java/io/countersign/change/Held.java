package io.countersign.change;

import io.countersign.approval.freeze.Freeze;

/**
 * Why a change is not carried out now, as its process learns of it.
 *
 * @param error the code of the error that the model catches
 * @param reason why, for a person
 */
public record Held(String error, String reason) {

    /** A freeze window is open: the process waits for its end. */
    public static Held frozen(Freeze window) {
        return new Held("FROZEN", window.waiting());
    }

    /** The approval lapsed before anything was written: the process goes back to its stages. */
    public static Held lapsed(String reason) {
        return new Held("LAPSED", reason);
    }
}
