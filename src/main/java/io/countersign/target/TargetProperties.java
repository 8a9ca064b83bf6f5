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
 * @param preview comparing with the target while a person waits
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

    /** @param directory the directory for the files; it may be a Git working tree */
    record Manifests(@DefaultValue("data/manifests") Path directory) {}

    /**
     * Kubeconfig, environment and service account are found as fabric8 does; these override what was found.
     *
     * @param kubeconfig a kubeconfig file; null for the usual places
     * @param context a context of the kubeconfig; null for its current one
     * @param masterUrl the API server; null for the context's
     * @param timeout the timeout of one exchange
     */
    record Kubernetes(
            Path kubeconfig,
            String context,
            String masterUrl,
            @DefaultValue("PT10S") Duration timeout) {}

    /**
     * @param timeout how long a preview waits for the target, for all of its objects together
     * @param concurrent how many previews may wait for the target at the same time; all others are answered
     *     immediately. Well below the limits of concurrent requests, in total and per person
     */
    record Preview(
            @DefaultValue("PT3S") Duration timeout,
            @DefaultValue("3") int concurrent) {}
}
