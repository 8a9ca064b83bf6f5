package io.countersign.console.layout;

import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.Validation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Text typed into a form. A form keeps it as is, so that nothing is lost when a field is wrong. */
public final class FormText {

    private FormText() {}

    /** @return what was typed; empty if the form has no such field */
    public static String text(String typed) {
        return typed == null ? "" : typed;
    }

    /** @return what was typed, trimmed; empty if nothing is left */
    public static Optional<String> given(String typed) {
        return Optional.ofNullable(typed).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** @return the words of a list separated by commas or spaces */
    public static List<String> words(String typed) {
        return Arrays.stream(text(typed).split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /**
     * @param field the field to report errors on
     * @param typed what was typed
     * @return the whole number, or empty if the field is empty or no whole number
     */
    public static Optional<Integer> number(Validation validation, String field, String typed) {
        return given(typed)
                .filter(text -> validation.check(text.matches("[0-9]{1,7}"), field, "must be a whole number"))
                .map(Integer::valueOf);
    }

    /**
     * @param entity what it names, such as {@code freeze}
     * @param text a part of a path
     * @return the id
     * @throws NotFound if it is malformed
     */
    public static UUID uuid(String entity, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new NotFound(entity, text);
        }
    }
}
