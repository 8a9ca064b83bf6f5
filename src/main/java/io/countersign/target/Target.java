package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * The outside world, as far as approved changes reach it. Every call is one quick exchange that may be repeated:
 * nothing here waits for a controller. A failure is an exception whose message says what went wrong, for a person.
 */
public interface Target {

    /**
     * Creates the object, or makes the existing one of that name like it.
     *
     * @param object with API version, kind, name, the labels of its {@link Owner} and, if its kind has one, namespace.
     *     A namespace that is there already stays as it is.
     * @param adopt whether it takes over an object of that name with another owner
     */
    void apply(HasMetadata object, boolean adopt);

    /** Creates the object, or updates the existing one of that name unless it has another owner. */
    default void apply(HasMetadata object) {
        apply(object, false);
    }

    /**
     * Asks for the object's deletion. Whether it is gone is for {@link #progress} to say; one that does not exist, or
     * has another owner, is not a failure and stays unchanged.
     */
    void delete(ObjectRef object);

    /** @return the object's current progress; absent if it has another owner */
    Progress progress(ObjectRef object);

    /**
     * @param adopt whether it would take over an object of that name with another owner
     * @return the object as it is beside what {@link #apply} would make of it; says why if that is unknown, or if it
     *     would be refused
     */
    Comparison compare(HasMetadata object, boolean adopt);

    /** @return the object as it is, to be removed; says why if that is unknown */
    Comparison compareRemoval(ObjectRef object);

    /**
     * @param adopt whether it would take over an object of that name with another owner
     * @return nothing, whose it would be taken from, or why an object of that name would be refused
     */
    Comparison compareClaim(ObjectRef object, boolean adopt);

    /** @return nothing, or why a namespace made outside Countersign cannot be written to */
    Comparison compareNamespace(ObjectRef namespace);
}
