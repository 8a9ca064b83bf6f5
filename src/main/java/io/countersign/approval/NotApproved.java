package io.countersign.approval;

/** Refuses to carry out content that is not approved, or not in this form. */
public final class NotApproved extends RuntimeException {

    /** @param reason what is missing or differs */
    public NotApproved(String reason) {
        super("Not carried out: " + reason + ".");
    }
}
