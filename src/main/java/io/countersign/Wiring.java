package io.countersign;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What every module needs and none owns. */
@Configuration(proxyBeanMethods = false)
class Wiring {

    /** In microseconds, as the database keeps times: what is remembered of a row is what is read of it. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
    }
}
