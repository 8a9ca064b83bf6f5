package io.countersign.api.validation;

import io.countersign.api.problem.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/** Collects all broken rules of an input before refusing it, so that a caller sees them together. */
public final class Validation {

    private final List<InvalidInput.FieldError> errors = new ArrayList<>();

    /**
     * Records a broken rule unless the condition holds.
     *
     * @param holds whether the field keeps the rule
     * @param field the field's path in the body
     * @param message the rule, read after the field's name
     * @return {@code holds}, for rules that depend on this one
     */
    public boolean check(boolean holds, String field, String message) {
        if (!holds) {
            errors.add(new InvalidInput.FieldError(field, message));
        }
        return holds;
    }

    /**
     * Ends the validation.
     *
     * @throws InvalidInput if any rule was broken
     */
    public void done() {
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }
}
