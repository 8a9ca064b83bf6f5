package io.countersign.identity.namespace;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.validation.Validation;
import io.countersign.identity.Names;
import io.countersign.identity.Scope;
import io.countersign.transaction.TransactionMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Binds each project and each organization to the namespace for its objects. No two share a namespace, a binding is
 * permanent, and some names are reserved.
 */
@Component
public class Namespaces implements NamespaceBinding {

    /**
     * Namespaces of Kubernetes and its distributions, of system components, of Cluster API, and of tools that install
     * or deliver software cluster-wide.
     */
    private static final Set<String> RESERVED =
            Set.of("default", "kube-*", "openshift-*", "*-system", "capi-*", "cert-manager", "argocd");

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private final JdbcClient jdbc;
    private final Set<String> reserved = new HashSet<>(RESERVED);
    private final TransactionMemory<Scope, String> known = new TransactionMemory<>();

    Namespaces(JdbcClient jdbc, NamespaceProperties properties, List<ReservedNamespaces> others) {
        this.jdbc = jdbc;
        own(properties).ifPresent(reserved::add);
        reserved.addAll(properties.reserved());
        others.forEach(other -> reserved.addAll(other.names()));
    }

    @Override
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public String of(Scope scope) {
        return known.get(
                scope,
                () -> jdbc.sql("select namespace from namespaces where scope = ?")
                        .param(scope.toString())
                        .query(String.class)
                        .single());
    }

    /**
     * Validates the namespace requested for a new project or organization.
     *
     * @param id the project's or organization's id, which is also its namespace unless another one is requested
     * @param wanted the requested namespace, if any
     * @return the namespace
     */
    public String check(Validation validation, String id, Optional<String> wanted) {
        String namespace = wanted.orElse(id);
        String field = wanted.isPresent() ? "namespace" : "id";
        // The id's own check reports whether the id itself is a valid label.
        if (Names.isDnsLabel(namespace) || wanted.isPresent()) {
            validation.check(Names.isDnsLabel(namespace), field, Names.DNS_LABEL_RULE);
            validation.check(
                    !isReserved(namespace), field, "must not be reserved, and the namespace " + namespace + " is");
        }
        return namespace;
    }

    /**
     * Binds a project or organization to a namespace permanently.
     *
     * @throws Conflict with {@code namespace_taken} if another one is bound to it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void bind(Scope scope, String namespace) {
        int added = jdbc.sql("insert into namespaces (namespace, scope) values (?, ?) on conflict do nothing")
                .params(namespace, scope.toString())
                .update();
        if (added == 0) {
            throw new Conflict(
                    ErrorCode.NAMESPACE_TAKEN,
                    "The namespace \"" + namespace + "\" belongs to another project or organization.");
        }
    }

    private boolean isReserved(String namespace) {
        return reserved.stream().anyMatch(pattern -> matches(pattern, namespace));
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.endsWith("*")) {
            return name.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return pattern.startsWith("*") ? name.endsWith(pattern.substring(1)) : name.equals(pattern);
    }

    private static Optional<String> own(NamespaceProperties properties) {
        if (properties.own() != null && !properties.own().isBlank()) {
            return Optional.of(properties.own());
        }
        try (Stream<String> lines = Files.exists(SERVICE_ACCOUNT) ? Files.lines(SERVICE_ACCOUNT) : Stream.empty()) {
            return lines.findFirst().map(String::strip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
