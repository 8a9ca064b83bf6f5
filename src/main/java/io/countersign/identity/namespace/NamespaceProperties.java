package io.countersign.identity.namespace;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.namespaces.*}: namespaces that no project or organization can be bound to.
 *
 * @param own the namespace that Countersign itself runs in; by default that of its service account, if it has one
 * @param reserved further reserved names; an asterisk at the start or end matches any text
 */
@ConfigurationProperties("countersign.namespaces")
public record NamespaceProperties(String own, @DefaultValue List<String> reserved) {}
