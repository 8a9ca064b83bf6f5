package io.countersign.gateway;

import io.countersign.identity.namespace.ReservedNamespaces;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {

    @Bean
    ReservedNamespaces namespaceOfTheGateway(GatewayProperties properties) {
        return () -> properties.parentNamespace().map(Set::of).orElse(Set.of());
    }
}
