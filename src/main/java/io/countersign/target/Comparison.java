package io.countersign.target;

import java.util.Optional;

/**
 * An object as it is beside what is planned for it.
 *
 * @param object which one
 * @param live how it is now, as YAML; empty if there is none, or if nobody knows
 * @param planned how it would be, as YAML; empty if it would be removed
 * @param unknown why the target cannot say how it is or would be, for a person; empty if it can
 */
public record Comparison(ObjectRef object, Optional<String> live, Optional<String> planned, Optional<String> unknown) {}
