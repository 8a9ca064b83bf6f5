/** The Kubernetes namespaces bound to organizations and projects. */
@org.springframework.modulith.NamedInterface("namespace")
package io.countersign.identity.namespace;
