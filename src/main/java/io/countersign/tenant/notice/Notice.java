package io.countersign.tenant.notice;

import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.TenantStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One queued notice of one change to one receiver.
 *
 * @param id sent along, so that a receiver can recognize a repetition
 * @param tenant whose status changed
 * @param kind who is notified, and how
 * @param from the status before
 * @param to the status after
 * @param reason the reason given with the change
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

    /** Who is notified, and how. */
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
