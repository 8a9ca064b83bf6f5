package io.countersign.identity.namespace;

import io.countersign.identity.Scope;

/** Looks up the namespace for the objects of a project or organization. */
@FunctionalInterface
public interface NamespaceBinding {

    /**
     * @param scope a project or an organization
     * @return the namespace bound to it and to nothing else
     */
    String of(Scope scope);
}
