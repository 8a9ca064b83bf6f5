package io.countersign.resilience;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code countersign.resilience.*}: the server's behaviour during outages and overload.
 *
 * @param heartbeat how often an instance reports in the database that it is running, which also tells it whether the
 *     database answers
 * @param deadAfter how long an instance may be silent before others take over its jobs; several heartbeats
 * @param maxConcurrentRequests the maximum of concurrent requests; below the size of the connection pool
 * @param maxConcurrentRequestsPerAddress how many of them may come from one address (IPv6: one /64 network) before the
 *     caller is known
 * @param maxConcurrentAnonymousRequests how many of them may come from callers without credentials
 * @param maxConcurrentRequestsPerCaller how many of them may belong to one person or program
 * @param maxWaitingRequests how many more may wait for a place; further ones are refused immediately
 * @param patience how long a request may wait before it is refused
 * @param maxOpenRequestsPerAddress how many requests one address may have open, at most half of them waiting for their
 *     bodies; further ones are refused
 * @param bodyDeadline how long a request's body may take to arrive before the request is refused with 408
 * @param heldAnswer the size up to which an answer is buffered until its request no longer counts, so that slow readers
 *     block nobody
 * @param drainDelay how long a stopping server keeps serving while it reports that it is not ready, so that load
 *     balancers notice first
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
