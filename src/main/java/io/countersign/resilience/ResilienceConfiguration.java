package io.countersign.resilience;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Puts the filter where it must stand, and tells health what heartbeats know. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResilienceProperties.class)
class ResilienceConfiguration {

    @Bean
    FilterRegistrationBean<AvailabilityFilter> availability(
            Nodes nodes, Admission admission, Unavailable unavailable, Drain drain) {
        FilterRegistrationBean<AvailabilityFilter> filter =
                new FilterRegistrationBean<>(new AvailabilityFilter(nodes, admission, unavailable, drain));
        filter.setDispatcherTypes(DispatcherType.REQUEST);
        // Sessions lie in the database.
        filter.setOrder(SessionRepositoryFilter.DEFAULT_ORDER - 10);
        return filter;
    }

    /** Answers at once and takes no connection from the pool, so that readiness is not lost to a busy pool. */
    @Bean
    HealthIndicator databaseHealthIndicator(Nodes nodes) {
        return () ->
                nodes.databaseAnswers() ? Health.up().build() : Health.down().build();
    }
}
