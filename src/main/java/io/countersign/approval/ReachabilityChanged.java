package io.countersign.approval;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;

/**
 * Published in the transaction that changes whether a person is notified, or about what.
 *
 * @param user who
 * @param scope where
 */
public record ReachabilityChanged(UserId user, Scope scope) {}
