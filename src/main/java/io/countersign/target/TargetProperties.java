package io.countersign.target;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.target.*}: where approved changes go.
 *
 * @param type which target
 * @param manifests about the directory
 * @param kubernetes about the API server
 */
@ConfigurationProperties("countersign.target")
record TargetProperties(
        @DefaultValue("manifests") Type type,
        @DefaultValue Manifests manifests,
        @DefaultValue Kubernetes kubernetes) {

    enum Type {
        MANIFESTS,
        KUBERNETES
    }

    /** @param directory where the files go; it may be a Git working tree */
    record Manifests(@DefaultValue("data/manifests") Path directory) {}

    /**
     * Kubeconfig, environment and service account are found as fabric8 does; these override what was found.
     *
     * @param kubeconfig a kubeconfig file; null to look in the usual places
     * @param context a context of the kubeconfig; null for its current one
     * @param masterUrl the API server; null for the context's
     * @param timeout how long one exchange may take
     */
    record Kubernetes(
            Path kubeconfig,
            String context,
            String masterUrl,
            @DefaultValue("PT10S") Duration timeout) {}
}
