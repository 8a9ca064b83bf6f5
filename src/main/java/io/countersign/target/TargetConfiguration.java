package io.countersign.target;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the one target that {@code countersign.target.type} names. */
@Configuration(proxyBeanMethods = false)
class TargetConfiguration {

    private static final Logger log = LoggerFactory.getLogger(TargetConfiguration.class);

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
    Target kubernetesTarget(KubernetesClient client, CircuitBreaker targetBreaker) {
        return new KubernetesTarget(client, targetBreaker);
    }

    /**
     * Opens when every other exchange of the last ten got no answer, and lets two through five seconds later: no longer
     * than an engine job waits before its second try.
     */
    @Bean
    CircuitBreaker targetBreaker() {
        return CircuitBreaker.of(
                "target",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .recordException(KubernetesFailures::isNoAnswer)
                        .build());
    }

    /** Tells of the breaker: in the log when it changes, and as a gauge. */
    @Bean
    MeterBinder targetAway(CircuitBreaker targetBreaker) {
        targetBreaker
                .getEventPublisher()
                .onStateTransition(event -> log.warn(
                        "event=target_breaker state={}",
                        event.getStateTransition().getToState()));
        return meters -> Gauge.builder(
                        "countersign.target.away",
                        targetBreaker,
                        breaker -> breaker.getState() == CircuitBreaker.State.CLOSED ? 0 : 1)
                .description("1 while the target's API does not answer and is asked only now and then")
                .register(meters);
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
