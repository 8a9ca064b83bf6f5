package io.countersign.console.approvals;

import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.CarryingOutTries;
import io.countersign.change.FailedTries;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Failed attempts as pages show them, by the id of their subject. Templates call it {@code @tries}. */
@Component("tries")
public class Tries {

    private final FailedTries tries;
    private final CarryingOutTries ofApprovals;

    Tries(FailedTries tries, CarryingOutTries ofApprovals) {
        this.tries = tries;
        this.ofApprovals = ofApprovals;
    }

    /** @return the failed attempts to apply changes of these things */
    public Map<UUID, FailedTry> of(Collection<UUID> subjects) {
        return tries.of(subjects);
    }

    /** @return the failed attempts to carry out these requests */
    public Map<ApprovalId, FailedTry> ofRequests(List<RequestCard> cards) {
        return ofApprovals.of(cards.stream().map(RequestCard::approval).toList());
    }

    /** @return the last attempt to apply a change of a thing; null unless it failed */
    public FailedTry of(UUID subject) {
        return tries.of(subject).orElse(null);
    }

    /** @return the last attempt to carry out a request; null unless it failed */
    public FailedTry of(Approval approval) {
        return ofApprovals.of(approval).orElse(null);
    }

    /** @return a fingerprint of an attempt, for pages that ask whether anything changed */
    public static String mark(FailedTry tried) {
        return tried == null ? "" : tried.attempt() + (tried.nextAttemptAt().isPresent() ? "" : "last");
    }
}
