package io.countersign.approval;

import java.util.List;

/**
 * The result of a state change of a request.
 *
 * @param next the request after the change
 * @param events the events for others, in publication order
 */
public record ApprovalChange(Approval next, List<ApprovalEvent> events) {

    static ApprovalChange of(Approval next, ApprovalEvent... events) {
        return new ApprovalChange(next, List.of(events));
    }
}
