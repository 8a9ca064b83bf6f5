package io.countersign.approval.archive;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.time.Instant;

/**
 * An entry of the archive's list. The request itself is looked up like any other.
 *
 * @param id the request
 * @param scope its scope
 * @param entityType what kind of thing it was about
 * @param entityId the id of that thing
 * @param entityName its display name
 * @param action the requested action
 * @param status how it ended
 * @param submitter who submitted it
 * @param submittedAt when
 * @param closedAt when it was decided or cancelled
 * @param archivedAt when it was archived
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
