package io.countersign.identity.delegation;

import io.countersign.identity.Scope;
import java.util.Set;

/**
 * Published in the transaction that changes a delegation, and when one begins or ends by time.
 *
 * @param delegation the delegation, as it was before
 * @param what the change
 * @param scopes its scopes: those in which both are members
 */
public record DelegationChanged(Delegation delegation, What what, Set<Scope> scopes) {

    /** The changes of a delegation. */
    public enum What {
        /** The stand-in is asked. */
        PROPOSED,
        /** The absent person withdrew the proposal before it was answered. */
        WITHDRAWN,
        /** The stand-in declined. */
        DECLINED,
        /** The stand-in accepted, and it begins later. */
        PLANNED,
        /** It is now in force. */
        BEGUN,
        /** It is no longer in force. */
        ENDED
    }

    /** Copies the set. */
    public DelegationChanged {
        scopes = Set.copyOf(scopes);
    }
}
