package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;

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

    /** @return the object as it is now, as YAML, without what its server notes about it; empty if there is none */
    Optional<String> live(ObjectRef object);

    /** @return what {@link #apply} would make of the object now, as YAML in the form of {@link #live}; does nothing */
    String rehearse(HasMetadata object);

    /** @return the object as it is beside what {@link #apply} would make of it; says why if nobody knows */
    default Comparison compare(HasMetadata object) {
        ObjectRef ref = ObjectRef.of(object);
        try {
            return new Comparison(ref, live(ref), Optional.of(rehearse(object)), Optional.empty());
        } catch (TargetFailure e) {
            return new Comparison(
                    ref, Optional.empty(), Optional.of(Serialization.asYaml(object)), Optional.of(e.getMessage()));
        }
    }

    /** @return the object as it is, to be removed; says why if nobody knows */
    default Comparison compareRemoval(ObjectRef ref) {
        try {
            return new Comparison(ref, live(ref), Optional.empty(), Optional.empty());
        } catch (TargetFailure e) {
            return new Comparison(ref, Optional.empty(), Optional.empty(), Optional.of(e.getMessage()));
        }
    }
}
