package io.countersign.resilience;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code countersign.resilience.*}: how the server behaves while something is away.
 *
 * @param heartbeat how often an instance says in the database that it runs, which also tells it whether the database
 *     answers
 * @param deadAfter how long an instance may be silent before others take over its jobs; several heartbeats
 * @param maxConcurrentRequests how many requests are worked on at once; below the size of the connection pool
 * @param maxConcurrentRequestsPerAddress how many of them may come from one address (IPv6: from one network of 64 bits)
 *     before it is known who calls
 * @param maxConcurrentAnonymousRequests how many of them may come without any credentials
 * @param maxConcurrentRequestsPerCaller how many of them may be of one person or program
 * @param maxWaitingRequests how many more may wait for that; any further one is refused at once
 * @param patience how long a request may wait before it is refused
 * @param maxOpenRequestsPerAddress how many requests of one address are read, worked on and answered at once, at most
 *     half of them waiting for their bodies; any further one is refused
 * @param bodyDeadline how long a request's body may take to arrive, after which it is refused with 408
 * @param heldAnswer the size up to which an answer is held until its request counts no more, so that slow readers hold
 *     nobody up
 * @param drainDelay how long a server that is told to stop goes on serving while it says that it is not ready, so that
 *     load balancers learn of it first
 */
@ConfigurationProperties("countersign.resilience")
record ResilienceProperties(
        @DefaultValue("PT1S") Duration heartbeat,
        @DefaultValue("PT20S") Duration deadAfter,
        @DefaultValue("14") int maxConcurrentRequests,
        @DefaultValue("5") int maxConcurrentRequestsPerAddress,
        @DefaultValue("10") int maxConcurrentAnonymousRequests,
        @DefaultValue("7") int maxConcurrentRequestsPerCaller,
        @DefaultValue("64") int maxWaitingRequests,
        @DefaultValue("PT2S") Duration patience,
        @DefaultValue("100") int maxOpenRequestsPerAddress,
        @DefaultValue("PT10S") Duration bodyDeadline,
        @DefaultValue("512KB") DataSize heldAnswer,
        @DefaultValue("PT0S") Duration drainDelay) {}
