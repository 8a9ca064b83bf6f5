package io.countersign.cluster;

import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.UUID;

/**
 * A cluster, as recorded.
 *
 * @param id its id
 * @param organization whose it is
 * @param name unique among the organization's clusters that are neither deleted nor rejected
 * @param spec what it is, or is becoming; not what is only asked for
 * @param status how far it is
 * @param statusReason why, for a person: a failure, a rejection, or what is waited for; null if there is nothing to say
 * @param requestedBy who asked for it
 * @param requestedAt when
 * @param updatedAt when anything about it changed last
 * @param approvalId the approval of its last change, be it one of no stage
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
