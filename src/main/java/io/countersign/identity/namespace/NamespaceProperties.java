package io.countersign.identity.namespace;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.namespaces.*}: namespaces that no project or organization is bound to.
 *
 * @param own the namespace that Countersign itself runs in; without one, that of its service account, if it has one
 * @param reserved further names; an asterisk at the beginning or end stands for any text
 */
@ConfigurationProperties("countersign.namespaces")
public record NamespaceProperties(String own, @DefaultValue List<String> reserved) {}
