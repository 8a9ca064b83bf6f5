package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/**
 * Names one object of a target.
 *
 * @param apiVersion such as {@code cluster.x-k8s.io/v1beta2}
 * @param kind such as {@code Cluster}
 * @param namespace empty for kinds without namespaces
 * @param name its name
 */
public record ObjectRef(String apiVersion, String kind, Optional<String> namespace, String name) {

    /** @return the name of this object */
    public static ObjectRef of(HasMetadata object) {
        return new ObjectRef(
                object.getApiVersion(),
                object.getKind(),
                Optional.ofNullable(object.getMetadata().getNamespace()),
                object.getMetadata().getName());
    }

    /** @return kind, namespace and name, such as {@code Cluster acme/prod-eu} */
    @Override
    public String toString() {
        return kind + " " + namespace.map(n -> n + "/").orElse("") + name;
    }
}
