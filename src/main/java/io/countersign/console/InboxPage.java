package io.countersign.console;

import io.countersign.api.Page;
import io.countersign.api.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.Approvals;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What waits for the reader's decision, and where their own requests stand. */
@Controller
class InboxPage {

    private static final int OWN_REQUESTS = 10;

    private final Approvals approvals;

    InboxPage(Approvals approvals) {
        this.approvals = approvals;
    }

    @GetMapping("/inbox")
    String inbox(@RequestParam(required = false) String cursor, Model model) {
        UserId reader = CurrentUser.get();
        Page<Approval> waiting = approvals.list(reader, Approvals.Query.DECIDABLE, PageRequest.of(null, cursor));
        Approvals.Query own = new Approvals.Query(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(reader), false);
        model.addAttribute("waiting", waiting.map(approval -> RequestCard.of(approval, approvals, reader)));
        model.addAttribute(
                "own",
                approvals
                        .list(reader, own, PageRequest.of(OWN_REQUESTS, null))
                        .map(approval -> RequestCard.of(approval, approvals, reader)));
        model.addAttribute("first", cursor == null);
        return "inbox";
    }
}
