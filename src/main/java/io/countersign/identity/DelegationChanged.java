package io.countersign.identity;

import java.util.Set;

/**
 * Published in the transaction that names a stand-in or ends that, and when a delegation begins or ends by the clock.
 *
 * @param delegation which one
 * @param what what became of it
 * @param scopes where it holds: those that both are members of
 */
public record DelegationChanged(Delegation delegation, What what, Set<Scope> scopes) {

    /** What can become of a delegation. */
    public enum What {
        /** It was made, and begins later. */
        PLANNED,
        /** It is in force from now on. */
        BEGUN,
        /** It is in force no longer. */
        ENDED
    }

    /** Copies the set. */
    public DelegationChanged {
        scopes = Set.copyOf(scopes);
    }
}
