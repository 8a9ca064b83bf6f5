package io.countersign.resilience;

import java.time.Instant;

/**
 * Published when the database answers again after an outage. Everything this instance was doing in the database has
 * failed.
 *
 * @param lastAway when the database was last found unavailable, by this instance's clock
 */
public record DatabaseBack(Instant lastAway) {}
