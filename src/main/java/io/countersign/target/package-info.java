/**
 * Where approved changes are carried out: rendered manifests in a directory, or a Kubernetes API server. Delegates talk
 * to {@link io.countersign.target.Target} and know neither.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = "api")
package io.countersign.target;
