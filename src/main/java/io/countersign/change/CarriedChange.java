package io.countersign.change;

import io.countersign.approval.EntityType;
import java.util.UUID;

/**
 * The subject of one instance of {@code carry-out}.
 *
 * @param kind the kind of thing that is changed
 * @param subject which thing
 * @param process the root process: the one that was started for the change
 */
public record CarriedChange(EntityType kind, UUID subject, String process) {}
