package io.countersign.identity.namespace;

import java.util.Set;

/** Namespaces that a module reserves for other uses, so that no project or organization is bound to them. */
@FunctionalInterface
public interface ReservedNamespaces {

    /** @return their names */
    Set<String> names();
}
