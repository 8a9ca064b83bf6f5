package io.countersign.approval.wording;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One field that an approval would change.
 *
 * @param field its path, such as {@code node_groups[0].max_nodes}; a name with characters other than letters, digits,
 *     {@code _} and {@code -} is in brackets and quotes: {@code labels["example.com/tier"]}
 * @param current its present value; null if it is new
 * @param proposed its proposed value; null if it is removed
 */
public record Change(String field, JsonNode current, JsonNode proposed) {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

    /**
     * @param approval any approval
     * @return its changes field by field: every field for something new, none for a request that changes nothing
     */
    public static List<Change> of(Approval approval) {
        List<Change> changes = new ArrayList<>();
        compare(
                "",
                approval.currentContent().map(CanonicalJson::read).orElse(null),
                CanonicalJson.read(approval.content()),
                changes);
        return changes;
    }

    /**
     * @param current a JSON object; null for nothing
     * @param proposed a JSON object; null for nothing
     * @return the differences, field by field
     */
    public static List<Change> between(JsonNode current, JsonNode proposed) {
        List<Change> changes = new ArrayList<>();
        compare("", current, proposed, changes);
        return changes;
    }

    /**
     * @param approval any approval
     * @return every field of its content, as if it replaced nothing
     */
    public static List<Change> allFields(Approval approval) {
        List<Change> fields = new ArrayList<>();
        compare("", null, CanonicalJson.read(approval.content()), fields);
        return fields;
    }

    private static void compare(String path, JsonNode current, JsonNode proposed, List<Change> changes) {
        boolean objects = isNullOr(current, JsonNode::isObject) && isNullOr(proposed, JsonNode::isObject);
        boolean arrays = isNullOr(current, JsonNode::isArray) && isNullOr(proposed, JsonNode::isArray);
        if (current == null && proposed == null || current != null && current.equals(proposed)) {
            return;
        }
        if (objects) {
            TreeSet<String> names = new TreeSet<>(Wording.READING_ORDER);
            addNames(current, names);
            addNames(proposed, names);
            names.forEach(name -> compare(join(path, name), child(current, name), child(proposed, name), changes));
        } else if (arrays && (holdsObjects(current) || holdsObjects(proposed))) {
            int size = Math.max(current == null ? 0 : current.size(), proposed == null ? 0 : proposed.size());
            for (int i = 0; i < size; i++) {
                compare(
                        path + "[" + i + "]",
                        current == null ? null : current.get(i),
                        proposed == null ? null : proposed.get(i),
                        changes);
            }
        } else {
            changes.add(new Change(path, current, proposed));
        }
    }

    private static String join(String path, String name) {
        if (!PLAIN_NAME.matcher(name).matches()) {
            return path + "[\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean isNullOr(JsonNode node, java.util.function.Predicate<JsonNode> test) {
        return node == null || test.test(node);
    }

    private static boolean holdsObjects(JsonNode array) {
        return array != null && array.size() > 0 && array.get(0).isObject();
    }

    private static JsonNode child(JsonNode node, String name) {
        return Optional.ofNullable(node).map(parent -> parent.get(name)).orElse(null);
    }

    private static void addNames(JsonNode node, TreeSet<String> names) {
        if (node != null) {
            for (Iterator<String> fields = node.fieldNames(); fields.hasNext(); ) {
                names.add(fields.next());
            }
        }
    }
}
