package io.countersign.approval;

/** Something was about to be carried out that is not, or not in this form, approved. It is not carried out. */
public final class NotApproved extends RuntimeException {

    /** @param reason what is missing or differs */
    public NotApproved(String reason) {
        super("Not carried out: " + reason + ".");
    }
}
