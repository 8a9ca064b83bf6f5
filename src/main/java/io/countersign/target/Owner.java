package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose an object is. Every object that Countersign writes says so by its labels, and so does a namespace that an
 * administrator gives to a project or organization.
 *
 * @param kind {@code project} or {@code organization}
 * @param id its id
 */
public record Owner(String kind, String id) {

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String COUNTERSIGN = "countersign";
    private static final String PREFIX = "countersign.io/";
    private static final String PROJECT = "project";
    private static final String ORGANIZATION = "organization";

    /** @return a project */
    public static Owner project(String id) {
        return new Owner(PROJECT, id);
    }

    /** @return an organization */
    public static Owner organization(String id) {
        return new Owner(ORGANIZATION, id);
    }

    /** @return the labels of its objects, to which others may be added */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(MANAGED_BY, COUNTERSIGN);
        labels.put(PREFIX + kind, id);
        return labels;
    }

    /** @return whom the labels of an object name, if it is Countersign's */
    static Optional<Owner> of(HasMetadata object) {
        Map<String, String> labels = labels(object);
        if (!COUNTERSIGN.equals(labels.get(MANAGED_BY))) {
            return Optional.empty();
        }
        return Optional.ofNullable(labels.get(PREFIX + PROJECT))
                .map(Owner::project)
                .or(() -> Optional.ofNullable(labels.get(PREFIX + ORGANIZATION)).map(Owner::organization));
    }

    /** @return whether a namespace was made for it, or given to it by an administrator's label */
    boolean mayUse(HasMetadata namespace) {
        return id.equals(labels(namespace).get(PREFIX + kind));
    }

    /** @return the label by which an administrator gives a namespace to it, as one types it */
    String label() {
        return PREFIX + kind + "=" + id;
    }

    /** @return who manages an object by the usual label, if any says so */
    static Optional<String> manager(HasMetadata object) {
        return Optional.ofNullable(labels(object).get(MANAGED_BY));
    }

    /** @return kind and id, such as {@code project storefront} */
    @Override
    public String toString() {
        return kind + " " + id;
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata())
                .map(metadata -> metadata.getLabels())
                .orElse(Map.of());
    }
}
