package io.countersign.target;

import java.util.Optional;

/**
 * An object as it is beside what is planned for it.
 *
 * @param object which one
 * @param live how it is now, as YAML; empty if there is none, or if it is unknown or secret
 * @param planned how it would be, as YAML; empty if it would be removed
 * @param unknown why the target cannot say how it is or would be, for a person; empty if it can
 * @param refused why it would not be touched; empty if it would
 * @param takenFrom whose it is now, if it would be adopted
 */
public record Comparison(
        ObjectRef object,
        Optional<String> live,
        Optional<String> planned,
        Optional<String> unknown,
        Optional<Refusal> refused,
        Optional<String> takenFrom) {

    /** An object without another owner. */
    public Comparison(ObjectRef object, Optional<String> live, Optional<String> planned, Optional<String> unknown) {
        this(object, live, planned, unknown, Optional.empty(), Optional.empty());
    }

    /** @return the comparison of an object that would not be touched */
    static Comparison refused(ObjectRef object, Optional<String> live, Optional<String> planned, Refusal refusal) {
        return new Comparison(object, live, planned, Optional.empty(), Optional.of(refusal), Optional.empty());
    }

    /** @return this, of an object that would be adopted */
    Comparison takingOver(String whose) {
        return new Comparison(object, live, planned, unknown, refused, Optional.of(whose));
    }

    /** @return whether there is nothing to tell: no object, and none planned */
    public boolean isEmpty() {
        return live.isEmpty() && planned.isEmpty() && unknown.isEmpty() && refused.isEmpty();
    }
}
