package io.countersign.cluster;

import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.UUID;

/**
 * A cluster, as recorded.
 *
 * @param id its id
 * @param organization the organization it belongs to
 * @param name unique among the organization's clusters that are neither deleted nor rejected
 * @param spec its specification, present or being applied; not one that is only requested
 * @param status its status
 * @param statusReason the user-facing reason: a failure, a rejection, or what it waits for; null if there is none
 * @param requestedBy who requested it
 * @param requestedAt when
 * @param updatedAt when it last changed
 * @param approvalId the approval of its last change, possibly without stages
 * @param processInstanceId the process of that change
 */
public record Cluster(
        UUID id,
        String organization,
        String name,
        ClusterSpec spec,
        ClusterStatus status,
        String statusReason,
        UserId requestedBy,
        Instant requestedAt,
        Instant updatedAt,
        ApprovalId approvalId,
        String processInstanceId) {}
