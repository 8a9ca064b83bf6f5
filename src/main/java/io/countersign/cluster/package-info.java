/**
 * Clusters: request, approval, provisioning, update and deletion. The rows of this module are the truth; processes hold
 * a cluster's id.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {"api", "audit", "identity", "approval", "change", "notification", "target", "engine"})
package io.countersign.cluster;
