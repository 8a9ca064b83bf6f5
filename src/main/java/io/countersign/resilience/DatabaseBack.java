package io.countersign.resilience;

import java.time.Instant;

/**
 * Published when the database answers again after an outage. Whatever this instance had under way in it has failed.
 *
 * @param lastAway when the database was last found away, by this instance's clock
 */
public record DatabaseBack(Instant lastAway) {}
