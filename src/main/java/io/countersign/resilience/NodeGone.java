package io.countersign.resilience;

/**
 * Published in the transaction that strikes an instance off the list: it was not seen for long, or it says goodbye. Of
 * all instances exactly one publishes it, and whatever listens takes over what was the other's.
 *
 * @param node its id
 */
public record NodeGone(String node) {}
