package io.countersign.approval;

import java.util.Optional;

/**
 * What the rules say of a person and a stage.
 *
 * @param refusal the rule that refuses; empty if the person may decide
 * @param explanation the same for a person
 */
public record Verdict(Optional<Refusal> refusal, String explanation) {

    /** The person may decide. */
    public static final Verdict ALLOWED = new Verdict(Optional.empty(), "May decide this stage.");

    /** @return whether the person may decide */
    public boolean allowed() {
        return refusal.isEmpty();
    }

    static Verdict refused(Refusal refusal, String explanation) {
        return new Verdict(Optional.of(refusal), explanation);
    }
}
