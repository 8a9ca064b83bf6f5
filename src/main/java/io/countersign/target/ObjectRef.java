package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/**
 * Names one object of a target, and whose it is to be: an object of the same name with another owner is another object.
 *
 * @param apiVersion such as {@code cluster.x-k8s.io/v1beta2}
 * @param kind such as {@code Cluster}
 * @param namespace empty for kinds without namespaces
 * @param name its name
 * @param owner whose it is
 */
public record ObjectRef(String apiVersion, String kind, Optional<String> namespace, String name, Owner owner) {

    /**
     * @return the name of this object
     * @throws IllegalArgumentException if its labels do not say whose it is
     */
    public static ObjectRef of(HasMetadata object) {
        return new ObjectRef(
                object.getApiVersion(),
                object.getKind(),
                Optional.ofNullable(object.getMetadata().getNamespace()),
                object.getMetadata().getName(),
                Owner.of(object)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "Not labelled: " + object.getMetadata().getName())));
    }

    /** @return the name of a namespace */
    public static ObjectRef namespace(String name, Owner owner) {
        return new ObjectRef("v1", "Namespace", Optional.empty(), name, owner);
    }

    /** @return the name of the namespace that this object lies in; empty if it lies in none */
    Optional<ObjectRef> inNamespace() {
        return namespace.map(name -> namespace(name, owner));
    }

    /** @return kind, namespace and name, such as {@code Cluster acme/prod-eu} */
    @Override
    public String toString() {
        return kind + " " + namespace.map(n -> n + "/").orElse("") + name;
    }
}
