package io.countersign.console.approvals;

import io.countersign.approval.Approval;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.identity.UserId;
import java.util.List;
import java.util.Optional;

/**
 * A request as one person sees it in a list or banner.
 *
 * @param approval the request
 * @param verdict the rules' verdict on the reader and the open stage; empty if none is open
 * @param deciders who may decide the open stage, by whether they were asked; empty if none is open
 */
public record RequestCard(Approval approval, Optional<Verdict> verdict, DecisionRights.Deciders deciders) {

    public static RequestCard of(Approval approval, DecisionRights rights, UserId reader) {
        return new RequestCard(
                approval,
                rights.verdictOnOpenStage(approval, reader),
                approval.openStage()
                        .map(stage -> rights.deciders(approval, stage))
                        .orElse(new DecisionRights.Deciders(List.of(), List.of())));
    }

    /** @return whether the reader may decide now */
    public boolean decidable() {
        return verdict.filter(Verdict::allowed).isPresent();
    }

    /** @return whether it is the reader's own request and waits for others */
    public boolean own() {
        return verdict.flatMap(Verdict::refusal)
                .filter(refusal -> refusal == Refusal.SELF_APPROVAL)
                .isPresent();
    }

    /** @return those who were asked; if none were, those who may decide */
    public List<UserId> waitsFor() {
        return deciders.asked().isEmpty() ? deciders.others() : deciders.asked();
    }

    /** @return whether the open stage has no possible decider or none was told of it, or the process was ended */
    public boolean stuck() {
        return approval.stuckReason().isPresent();
    }
}
