package io.countersign.tenant.notice;

import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.TenantStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One receiver to be told of one change, as queued.
 *
 * @param id sent along, so that a receiver can tell a repetition
 * @param tenant whose status changed
 * @param kind whom to tell, and how
 * @param from the status before
 * @param to the status after
 * @param reason what the person who changed it said
 * @param occurredAt when it changed
 */
record Notice(
        UUID id,
        RegistrationId tenant,
        Kind kind,
        TenantStatus from,
        TenantStatus to,
        Optional<String> reason,
        Instant occurredAt) {

    /** Who is told, and how. */
    enum Kind {
        /** The tenant's contact. */
        MAIL,
        /** The orchestrator. */
        WEBHOOK;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
