package io.countersign.approval;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;

/**
 * Published in the transaction that changes whether, or of what, a person is told.
 *
 * @param user who
 * @param scope where
 */
public record ReachabilityChanged(UserId user, Scope scope) {}
