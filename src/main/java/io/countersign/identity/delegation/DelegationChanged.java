package io.countersign.identity.delegation;

import io.countersign.identity.Scope;
import java.util.Set;

/**
 * Published in the transaction that changes a delegation, and when one begins or ends by time.
 *
 * @param delegation the delegation, as it was before
 * @param what what happened to it
 * @param scopes its scopes: those with both as members
 */
public record DelegationChanged(Delegation delegation, What what, Set<Scope> scopes) {

    /** What can become of a delegation. */
    public enum What {
        /** The stand-in is asked. */
        PROPOSED,
        /** The absent person took the question back before it was answered. */
        WITHDRAWN,
        /** The stand-in declined. */
        DECLINED,
        /** The stand-in accepted, and it begins later. */
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
