package io.countersign.identity;

/**
 * Published in the transaction that changes who belongs to a scope or what they may do there.
 *
 * @param scope the scope whose members changed
 */
public record MembershipChanged(Scope scope) {}
