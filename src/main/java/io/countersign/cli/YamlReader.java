package io.countersign.cli;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the fields of a YAML mapping one by one and collects errors, each with its path and line. Takes scalars as
 * written, not as YAML would type them: version {@code 1.30} is not the number 1.3.
 */
final class YamlReader {

    private record Fault(int line, String message) {}

    /** State shared by all parts of one document. */
    private static final class Faults {
        private final String source;
        private final List<Fault> found = new ArrayList<>();

        private Faults(String source) {
            this.source = source;
        }

        private void add(Mark at, String path, String message) {
            found.add(new Fault(at.getLine() + 1, path.isEmpty() ? message : path + " " + message));
        }
    }

    private final Faults faults;
    private final String path;
    private final Mark start;
    private final Map<String, Node> fields = new LinkedHashMap<>();
    private final Map<String, Mark> unread = new LinkedHashMap<>();

    private YamlReader(Faults faults, String path, Node node) {
        this.faults = faults;
        this.path = path;
        this.start = node.getStartMark();
        if (!(node instanceof MappingNode mapping)) {
            faults.add(start, path, "must be a mapping of fields");
            return;
        }
        for (NodeTuple field : mapping.getValue()) {
            Mark at = field.getKeyNode().getStartMark();
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                faults.add(at, path, "must have plain field names");
            } else if (fields.put(key.getValue(), field.getValueNode()) != null) {
                faults.add(at, pathOf(key.getValue()), "is given twice");
            } else {
                unread.put(key.getValue(), at);
            }
        }
    }

    /**
     * @param source what to call the document in messages
     * @param text the document
     * @throws Failure if it is not one YAML document
     */
    static YamlReader parse(String source, String text) {
        try {
            Iterator<Node> documents = new Yaml(new SafeConstructor(new LoaderOptions()))
                    .composeAll(new StringReader(text))
                    .iterator();
            if (!documents.hasNext()) {
                throw new Failure(ExitCode.REFUSED, source + " is empty");
            }
            YamlReader document = new YamlReader(new Faults(source), "", documents.next());
            if (documents.hasNext()) {
                throw new Failure(ExitCode.REFUSED, source + " holds more than one document");
            }
            return document;
        } catch (MarkedYAMLException e) {
            throw new Failure(
                    ExitCode.REFUSED,
                    source + " is not valid YAML: line " + (e.getProblemMark().getLine() + 1) + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new Failure(ExitCode.REFUSED, source + " is not valid YAML: " + e.getMessage());
        }
    }

    /** Reads a field that permits only one value. */
    void constant(String name, String expected) {
        take(name)
                .ifPresentOrElse(
                        value -> {
                            if (!expected.equals(scalar(name, value).orElse(expected))) {
                                fault(value, pathOf(name), "must be " + expected);
                            }
                        },
                        () -> missing(name));
    }

    /** @return the text; a placeholder if it is missing, which is an error */
    String text(String name) {
        Optional<Node> value = take(name);
        if (value.isEmpty()) {
            missing(name);
        }
        return value.flatMap(node -> scalar(name, node)).orElse("");
    }

    /** @return the text, if there is any */
    Optional<String> optionalText(String name) {
        return take(name).flatMap(node -> scalar(name, node));
    }

    /** @return the number; a placeholder if it is missing or malformed, which is an error */
    int number(String name) {
        Optional<Node> value = take(name);
        if (value.isEmpty()) {
            missing(name);
            return 0;
        }
        String text = scalar(name, value.get()).orElse("0");
        if (!text.matches("-?(0|[1-9]\\d{0,8})")) {
            fault(value.get(), pathOf(name), "must be a whole number");
            return 0;
        }
        return Integer.parseInt(text);
    }

    /** @return the part; an empty one if it is missing, which is an error */
    YamlReader object(String name) {
        Optional<YamlReader> part = optionalObject(name);
        if (part.isEmpty()) {
            missing(name);
        }
        return part.orElseGet(() -> new YamlReader(new Faults(faults.source), pathOf(name), emptyMapping()));
    }

    /** @return the part, if it exists */
    Optional<YamlReader> optionalObject(String name) {
        return take(name).map(node -> new YamlReader(faults, pathOf(name), node));
    }

    /** @return the parts of a list; a missing list is an error */
    List<YamlReader> objects(String name) {
        List<YamlReader> parts = new ArrayList<>();
        List<Node> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            parts.add(new YamlReader(faults, pathOf(name) + "[" + i + "]", items.get(i)));
        }
        return parts;
    }

    /** @return the texts of a list; a missing list is an error */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        List<Node> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            scalar(name + "[" + i + "]", items.get(i)).ifPresent(texts::add);
        }
        return texts;
    }

    /** @return names and texts; empty if the field is missing */
    Map<String, String> textMap(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        optionalObject(name)
                .ifPresent(map -> List.copyOf(map.fields.keySet()).forEach(key -> texts.put(key, map.text(key))));
        return texts;
    }

    /** Reports each unread field as an error. */
    void noMore() {
        unread.forEach((name, at) -> faults.add(at, pathOf(name), "is not a known field"));
    }

    /**
     * Finishes reading the whole document.
     *
     * @throws Failure if it has errors
     */
    void done() {
        if (!faults.found.isEmpty()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    faults.source + " is not a valid cluster manifest",
                    faults.found.stream()
                            .sorted(Comparator.comparingInt(Fault::line))
                            .map(fault -> "line " + fault.line() + ": " + fault.message())
                            .toList());
        }
    }

    /** An empty field counts as missing, as everywhere in Kubernetes. */
    private Optional<Node> take(String name) {
        unread.remove(name);
        return Optional.ofNullable(fields.get(name))
                .filter(node -> !node.getTag().equals(Tag.NULL));
    }

    private List<Node> items(String name) {
        Optional<Node> value = take(name);
        if (value.isEmpty()) {
            missing(name);
            return List.of();
        }
        if (value.get() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        fault(value.get(), pathOf(name), "must be a list");
        return List.of();
    }

    private Optional<String> scalar(String name, Node node) {
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar.getValue());
        }
        fault(node, pathOf(name), "must be a single value");
        return Optional.empty();
    }

    private void missing(String name) {
        faults.add(start, pathOf(name), "is required");
    }

    private void fault(Node at, String where, String message) {
        faults.add(at.getStartMark(), where, message);
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private MappingNode emptyMapping() {
        return new MappingNode(Tag.MAP, true, List.of(), start, start, DumperOptions.FlowStyle.BLOCK);
    }
}
