package io.countersign.resilience;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.util.unit.DataSize;

/** Orders the filter and connects health to the heartbeats. */
@Configuration(proxyBeanMethods = false)
class ResilienceConfiguration {

    @Bean
    FilterRegistrationBean<AvailabilityFilter> availability(
            Nodes nodes, Admission admission, Unavailable unavailable, Drain drain, ResilienceProperties properties) {
        FilterRegistrationBean<AvailabilityFilter> filter = new FilterRegistrationBean<>(
                new AvailabilityFilter(nodes, admission, unavailable, drain, properties.heldAnswer()));
        filter.setDispatcherTypes(DispatcherType.REQUEST);
        // Sessions are in the database.
        filter.setOrder(SessionRepositoryFilter.DEFAULT_ORDER - 10);
        return filter;
    }

    @Bean
    FilterRegistrationBean<CallerShareFilter> callersShare(Admission admission, Unavailable unavailable) {
        FilterRegistrationBean<CallerShareFilter> filter =
                new FilterRegistrationBean<>(new CallerShareFilter(admission, unavailable));
        filter.setDispatcherTypes(DispatcherType.REQUEST);
        filter.setOrder(SecurityProperties.DEFAULT_FILTER_ORDER + 1);
        return filter;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiesAreReadFirst(
            ResilienceProperties properties,
            Unavailable unavailable,
            ObjectMapper json,
            @Value("${countersign.max-body-size}") DataSize maxBodySize) {
        return tomcat -> tomcat.addEngineValves(new RequestBodyReader(properties, maxBodySize, unavailable, json));
    }

    /** Answers immediately without a pooled connection, so a busy pool does not affect readiness. */
    @Bean
    HealthIndicator databaseHealthIndicator(Nodes nodes) {
        return () ->
                nodes.databaseAnswers() ? Health.up().build() : Health.down().build();
    }
}
