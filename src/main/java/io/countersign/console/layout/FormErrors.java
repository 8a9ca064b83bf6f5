package io.countersign.console.layout;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.ui.Model;

/** The errors of a form's fields, shown beside each field. Templates call it {@code errors}. */
public final class FormErrors {

    private static final String ATTRIBUTE = "errors";

    private final List<InvalidInput.FieldError> errors;

    private FormErrors(List<InvalidInput.FieldError> errors) {
        this.errors = errors;
    }

    /** @return the problem's field errors; empty unless it is about input */
    public static FormErrors of(Problem problem) {
        return new FormErrors(problem instanceof InvalidInput invalid ? invalid.errors() : List.of());
    }

    /** Adds these errors to the page's model. */
    public void addTo(Model model) {
        model.addAttribute(ATTRIBUTE, this);
    }

    /**
     * @param field a field's path, such as {@code node_groups[0].name}
     * @return the errors of the field or its parts, as a sentence; null if there are none
     */
    public String of(String field) {
        String text = errors.stream()
                .filter(error -> error.field().equals(field)
                        || error.field().startsWith(field + "[")
                        || error.field().startsWith(field + "."))
                .map(InvalidInput.FieldError::message)
                .distinct()
                .map(Words::label)
                .collect(Collectors.joining(". "));
        return text.isEmpty() ? null : text + ".";
    }
}
