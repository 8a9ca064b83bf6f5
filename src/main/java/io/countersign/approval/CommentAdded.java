package io.countersign.approval;

import io.countersign.identity.UserId;

/**
 * Somebody added to the discussion of a request.
 *
 * @param approval the request
 * @param number tells the comment apart from every other
 * @param author who wrote it
 * @param text what
 */
public record CommentAdded(ApprovalId approval, long number, UserId author, String text) {}
