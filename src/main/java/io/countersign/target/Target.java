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
     * @param object with API version, kind, name and, if its kind has one, namespace
     */
    void apply(HasMetadata object);

    /**
     * Asks for the object's deletion. Whether it is gone is for {@link #progress} to say; one that does not exist is no
     * failure.
     */
    void delete(ObjectRef object);

    /** @return how far the outside world is with the object at this moment */
    Progress progress(ObjectRef object);
}
