package io.countersign.console.approvals;

import io.countersign.approval.Approval;
import io.countersign.approval.Decision;
import io.countersign.approval.Stage;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.rules.Verdict;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Which of the things beside deciding a request's page offers its reader. Public because templates call it. */
@Component("standing")
public class Standing {

    private final Approvals approvals;

    private final Freezes freezes;

    Standing(Approvals approvals, Freezes freezes) {
        this.approvals = approvals;
        this.freezes = freezes;
    }

    /** @return the freeze window that is open in a scope */
    public Optional<Freeze> freeze(Scope scope) {
        return freezes.inForce(scope);
    }

    /** @return an ISO 8601 duration as it is spoken, such as {@code 3 days} */
    public String wait(String duration) {
        Duration wait = Duration.parse(duration);
        if (wait.isZero()) {
            return "never";
        }
        List<String> parts = new ArrayList<>();
        add(parts, wait.toDays(), "day");
        add(parts, wait.toHoursPart(), "hour");
        add(parts, wait.toMinutesPart(), "minute");
        add(parts, wait.toSecondsPart(), "second");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    /** @return whether the reader may hand the request back to its submitter */
    public boolean mayAsk(Approval approval) {
        return !approval.submitter().is(CurrentUser.get())
                && approvals
                        .verdictOnOpenStage(approval, CurrentUser.get())
                        .filter(Verdict::allowed)
                        .isPresent();
    }

    /** @return whether the reader is to answer the open question */
    public boolean mayAnswer(Approval approval) {
        return approvals.answerVerdict(approval, CurrentUser.get()).allowed();
    }

    /** @return whether the reader may withdraw the open question */
    public boolean mayWithdraw(Approval approval) {
        return approval.openQuestion().isPresent()
                && !approval.submitter().is(CurrentUser.get())
                && approvals.mayWithdrawQuestion(approval, CurrentUser.get());
    }

    /** @return whether this decision is the reader's, and may be taken back */
    public boolean mayTakeBack(Approval approval, Stage stage, Decision decision) {
        UserId reader = CurrentUser.get();
        return decision.countsFor(reader)
                && approvals.takeBackVerdict(approval, stage, reader).allowed();
    }
}
