package io.countersign.target;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the one target that {@code countersign.target.type} names. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TargetProperties.class)
class TargetConfiguration {

    @Bean
    @ConditionalOnProperty(name = "countersign.target.type", havingValue = "manifests", matchIfMissing = true)
    Target manifestTarget(TargetProperties properties) {
        return new ManifestTarget(properties.manifests().directory());
    }

    @Bean
    @ConditionalOnProperty(name = "countersign.target.type", havingValue = "kubernetes")
    KubernetesClient kubernetesClient(TargetProperties properties) {
        return new KubernetesClientBuilder()
                .withConfig(config(properties.kubernetes()))
                .build();
    }

    @Bean
    @ConditionalOnProperty(name = "countersign.target.type", havingValue = "kubernetes")
    Target kubernetesTarget(KubernetesClient client) {
        return new KubernetesTarget(client);
    }

    /** Finds the API server as fabric8 does, and leaves trying again to the engine, which is patient and visible. */
    static Config config(TargetProperties.Kubernetes properties) {
        Config found = properties.kubeconfig() == null
                ? Config.autoConfigure(properties.context())
                : Config.fromKubeconfig(
                        properties.context(), properties.kubeconfig().toFile());
        int millis = Math.toIntExact(properties.timeout().toMillis());
        ConfigBuilder builder = new ConfigBuilder(found)
                .withConnectionTimeout(millis)
                .withRequestTimeout(millis)
                .withRequestRetryBackoffLimit(0);
        return properties.masterUrl() == null
                ? builder.build()
                : builder.withMasterUrl(properties.masterUrl()).build();
    }
}
