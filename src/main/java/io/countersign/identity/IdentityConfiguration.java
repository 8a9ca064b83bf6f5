package io.countersign.identity;

import io.countersign.identity.namespace.NamespaceProperties;
import io.countersign.identity.project.ProjectProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({NamespaceProperties.class, ProjectProperties.class})
class IdentityConfiguration {}
