package io.countersign.identity;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({NamespaceProperties.class, ProjectProperties.class})
class IdentityConfiguration {}
