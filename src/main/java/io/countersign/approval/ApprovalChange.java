package io.countersign.approval;

import java.util.List;

/**
 * What a state change makes of a request.
 *
 * @param next the request after it
 * @param events what it means to others, in the order in which it is to be published
 */
public record ApprovalChange(Approval next, List<ApprovalEvent> events) {

    static ApprovalChange of(Approval next, ApprovalEvent... events) {
        return new ApprovalChange(next, List.of(events));
    }
}
