package io.countersign.audit;

/** Knows who acts. Implemented by the module that knows people. */
public interface AuditActors {

    /**
     * Who acts.
     *
     * @param type which kind of principal, such as {@code person}
     * @param name their name
     */
    record Actor(String type, String name) {}

    /** @return who acts in the request that this thread serves */
    Actor current();
}
