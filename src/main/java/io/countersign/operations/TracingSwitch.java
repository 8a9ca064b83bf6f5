package io.countersign.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Disables tracing if there is no endpoint for traces ({@code management.otlp.tracing.endpoint}), so that it costs
 * neither start-up time nor a span per request. Registered in {@code META-INF/spring.factories}.
 */
class TracingSwitch implements EnvironmentPostProcessor, Ordered {

    private static final String EXCLUDE = "spring.autoconfigure.exclude";
    private static final String ENDPOINT = "management.otlp.tracing.endpoint";

    private static final List<Class<?>> TRACING = List.of(
            OpenTelemetryAutoConfiguration.class,
            OpenTelemetryLoggingAutoConfiguration.class,
            MicrometerTracingAutoConfiguration.class,
            OpenTelemetryTracingAutoConfiguration.class,
            OtlpTracingAutoConfiguration.class,
            NoopTracerAutoConfiguration.class);

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.getProperty(ENDPOINT, "").isBlank()) {
            return;
        }
        List<String> excluded = new ArrayList<>(Binder.get(environment)
                .bind(EXCLUDE, Bindable.listOf(String.class))
                .orElse(List.of()));
        TRACING.forEach(configuration -> excluded.add(configuration.getName()));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("countersign-tracing", Map.of(EXCLUDE, String.join(",", excluded))));
    }
}
