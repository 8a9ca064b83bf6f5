package io.countersign.approval.freeze;

import io.countersign.identity.Scope;

/**
 * Published in the transaction that lifts a freeze window before its end.
 *
 * @param scope where
 */
public record FreezeLifted(Scope scope) {}
