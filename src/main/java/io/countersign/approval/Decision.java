package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;

/**
 * What one person decided about a stage.
 *
 * @param kind approve or reject
 * @param decidedBy who
 * @param decidedAt when
 * @param comment what they said; never blank for a rejection or an override, otherwise possibly null
 * @param override whether a superadmin decided a stuck stage
 * @param origin from where, such as {@code mail}
 */
public record Decision(
        DecisionKind kind, UserId decidedBy, Instant decidedAt, String comment, boolean override, String origin) {}
