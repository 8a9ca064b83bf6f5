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
 * @param preview about comparing with it while a person waits
 */
@ConfigurationProperties("countersign.target")
record TargetProperties(
        @DefaultValue("manifests") Type type,
        @DefaultValue Manifests manifests,
        @DefaultValue Kubernetes kubernetes,
        @DefaultValue Preview preview) {

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

    /**
     * @param timeout how long a preview waits for the target, for all of its objects together
     * @param concurrent how many previews wait for the target at the same time, all others being answered at once; well
     *     below the requests that are worked on at once, in all and for each person
     */
    record Preview(
            @DefaultValue("PT3S") Duration timeout,
            @DefaultValue("3") int concurrent) {}
}
