package io.countersign.console.approvals;

import io.countersign.approval.Approval;
import io.countersign.approval.Decision;
import io.countersign.approval.Stage;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.Verdict;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import org.springframework.stereotype.Component;

/** What the reader may do on a request's page besides deciding. Templates call it {@code @allowed}. */
@Component("allowed")
class AllowedActions {

    private final DecisionRights rights;

    AllowedActions(DecisionRights rights) {
        this.rights = rights;
    }

    /** @return whether the reader may hand the request back to its submitter */
    public boolean ask(Approval approval) {
        return !approval.submitter().is(CurrentUser.get())
                && rights.verdictOnOpenStage(approval, CurrentUser.get())
                        .filter(Verdict::allowed)
                        .isPresent();
    }

    /** @return whether the reader is the one to answer the open question */
    public boolean answer(Approval approval) {
        return rights.answerVerdict(approval, CurrentUser.get()).allowed();
    }

    /** @return whether the reader may withdraw the open question */
    public boolean withdraw(Approval approval) {
        return approval.openQuestion().isPresent()
                && !approval.submitter().is(CurrentUser.get())
                && rights.mayWithdrawQuestion(approval, CurrentUser.get());
    }

    /** @return whether this decision is the reader's, and may be taken back */
    public boolean takeBack(Approval approval, Stage stage, Decision decision) {
        UserId reader = CurrentUser.get();
        return decision.countsFor(reader)
                && rights.takeBackVerdict(approval, stage, reader).allowed();
    }
}
