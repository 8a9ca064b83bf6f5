package io.countersign.approval.freeze;

import io.countersign.identity.Scope;

/**
 * Published in the transaction that lifts a freeze window before its end.
 *
 * @param scope the window's scope
 */
public record FreezeLifted(Scope scope) {}
