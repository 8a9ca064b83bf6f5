package io.countersign.resilience;

/**
 * Published in the transaction that removes an instance: it was silent for too long, or it signed off. Exactly one of
 * all instances publishes it, and the listeners take over the removed instance's work.
 *
 * @param node its id
 */
public record NodeGone(String node) {}
