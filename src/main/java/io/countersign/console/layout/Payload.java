package io.countersign.console.layout;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.wording.Change;
import io.countersign.approval.wording.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * A request's content, formatted for people: nothing is left out.
 *
 * @param fields the content, field by field
 * @param changes the differences from the present state; empty if there is no such state
 */
public record Payload(List<Field> fields, List<Difference> changes) {

    /**
     * One field: a text, a table, or fields of its own.
     *
     * @param label its display name
     * @param text its value, or null
     * @param columns the table's columns; empty if it is no table
     * @param rows the table's cells
     * @param fields the fields below it; empty if there are none
     */
    public record Field(String label, String text, List<String> columns, List<List<String>> rows, List<Field> fields) {}

    /**
     * One field that would change.
     *
     * @param label its path in words
     * @param before its present value; null if it is new
     * @param after its new value; null if it is removed
     */
    public record Difference(String label, String before, String after) {}

    public static Payload of(Approval approval) {
        List<Difference> changes = approval.currentContent().isEmpty()
                ? List.of()
                : Change.of(approval).stream()
                        .map(change -> new Difference(
                                Wording.label(change.field()),
                                textOrNull(change.current()),
                                textOrNull(change.proposed())))
                        .toList();
        return new Payload(fields(CanonicalJson.read(approval.content())), changes);
    }

    private static List<Field> fields(JsonNode object) {
        List<Field> fields = new ArrayList<>();
        // Plain values first, because they identify the thing; tables and parts follow.
        for (boolean container : new boolean[] {false, true}) {
            object.properties().stream()
                    .filter(entry -> isContainer(entry.getValue()) == container)
                    .sorted(Map.Entry.comparingByKey(Wording.READING_ORDER))
                    .map(entry -> field(entry.getKey(), entry.getValue()))
                    .forEach(fields::add);
        }
        return fields;
    }

    private static Field field(String name, JsonNode value) {
        if (value.isObject() && !value.isEmpty()) {
            return new Field(Wording.label(name), null, List.of(), List.of(), fields(value));
        }
        if (holdsObjects(value)) {
            Set<String> columns = new TreeSet<>(Wording.READING_ORDER);
            value.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
            List<List<String>> rows = new ArrayList<>();
            value.forEach(row -> rows.add(columns.stream()
                    .map(column -> row.has(column) ? Wording.text(row.get(column)) : "")
                    .toList()));
            return new Field(
                    Wording.label(name),
                    null,
                    columns.stream().map(Wording::label).toList(),
                    rows,
                    List.of());
        }
        return new Field(Wording.label(name), Wording.text(value), List.of(), List.of(), List.of());
    }

    private static boolean isContainer(JsonNode value) {
        return value.isObject() && !value.isEmpty() || holdsObjects(value);
    }

    private static boolean holdsObjects(JsonNode value) {
        return value.isArray()
                && !value.isEmpty()
                && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject);
    }

    private static String textOrNull(JsonNode value) {
        return value == null ? null : Wording.text(value);
    }
}
