package io.countersign.audit;

/** Knows the current actor. Implemented by the module that knows people. */
public interface AuditActors {

    /**
     * An actor.
     *
     * @param type which kind of principal, such as {@code person}
     * @param name their name
     */
    record Actor(String type, String name) {}

    /** @return the actor of the current thread's request */
    Actor current();
}
