package io.countersign.approval.archive;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.time.Instant;

/**
 * What the archive's list says of a request. The request itself is looked up like any other.
 *
 * @param id the request
 * @param scope where
 * @param entityType what kind of thing it was about
 * @param entityId which one
 * @param entityName its name for people
 * @param action what was asked for
 * @param status how it ended
 * @param submitter who asked
 * @param submittedAt when
 * @param closedAt when it was decided or cancelled
 * @param archivedAt when it came to the archive
 */
public record ArchivedApproval(
        ApprovalId id,
        Scope scope,
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        ApprovalStatus status,
        Principal submitter,
        Instant submittedAt,
        Instant closedAt,
        Instant archivedAt) {}
