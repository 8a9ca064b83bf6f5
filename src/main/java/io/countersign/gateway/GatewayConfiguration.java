package io.countersign.gateway;

import io.countersign.identity.namespace.ReservedNamespaces;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

    @Bean
    ReservedNamespaces namespaceOfTheGateway(GatewayProperties properties) {
        return () -> properties.parentNamespace().map(Set::of).orElse(Set.of());
    }
}
