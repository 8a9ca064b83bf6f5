package io.countersign.api.problem;

import java.util.List;

/** Input that breaks the rules of its fields: 422, naming every such field. */
public final class InvalidInput extends Problem {

    private final List<FieldError> errors;

    /** @param errors one entry for each broken rule, at least one */
    public InvalidInput(List<FieldError> errors) {
        super(
                ErrorCode.INVALID_INPUT,
                errors.size() == 1
                        ? errors.get(0).field() + " " + errors.get(0).message()
                        : errors.size() + " fields are invalid.");
        this.errors = List.copyOf(errors);
    }

    /**
     * @param field the field's path in the body, such as {@code node_groups[0].name}
     * @param message the rule it breaks, such as {@code must not be blank}
     */
    public InvalidInput(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** @return the broken rules, in the order they were found */
    public List<FieldError> errors() {
        return errors;
    }

    /**
     * One broken rule.
     *
     * @param field the field's path in the body
     * @param message the rule it breaks
     */
    public record FieldError(String field, String message) {}
}
