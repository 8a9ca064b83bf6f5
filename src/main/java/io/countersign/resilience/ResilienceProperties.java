package io.countersign.resilience;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.resilience.*}: how the server behaves while something is away.
 *
 * @param heartbeat how often an instance says in the database that it runs, which also tells it whether the database
 *     answers
 * @param deadAfter how long an instance may be silent before others take over its jobs; several heartbeats
 * @param maxConcurrentRequests how many requests are worked on at once; below the size of the connection pool
 * @param maxWaitingRequests how many more may wait for that; any further one is refused at once
 * @param patience how long a request may wait before it is refused
 * @param drainDelay how long a server that is told to stop goes on serving while it says that it is not ready, so that
 *     load balancers learn of it first
 */
@ConfigurationProperties("countersign.resilience")
record ResilienceProperties(
        @DefaultValue("PT1S") Duration heartbeat,
        @DefaultValue("PT20S") Duration deadAfter,
        @DefaultValue("14") int maxConcurrentRequests,
        @DefaultValue("64") int maxWaitingRequests,
        @DefaultValue("PT2S") Duration patience,
        @DefaultValue("PT0S") Duration drainDelay) {}
