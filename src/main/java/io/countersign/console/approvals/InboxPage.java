package io.countersign.console.approvals;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.requests.Approvals;
import io.countersign.console.layout.Inbox;
import io.countersign.console.layout.Payload;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Principal;
import io.countersign.identity.UserId;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The decisions that wait for the reader in all scopes, and the status of their own requests. */
@Controller
class InboxPage {

    private static final int OWN_REQUESTS = 5;

    private final Approvals approvals;
    private final RequestFrame requests;
    private final Inbox inbox;
    private final RequestKinds kinds;

    InboxPage(Approvals approvals, RequestFrame requests, Inbox inbox, RequestKinds kinds) {
        this.approvals = approvals;
        this.requests = requests;
        this.inbox = inbox;
        this.kinds = kinds;
    }

    /**
     * A request in the inbox, with what will happen if it is approved.
     *
     * @param approval the request
     * @param payload its content and changes
     */
    public record Item(Approval approval, Payload payload) {

        /** @return whether this decision is the last that the request needs */
        public boolean last() {
            return ApprovalPage.isLastDecision(approval);
        }
    }

    /** An unknown filter value is ignored: the page shows the active filters. */
    @GetMapping("/inbox")
    String waiting(
            @RequestParam(name = "entity_type", defaultValue = "") String entityType,
            @RequestParam(required = false) String cursor,
            Model model) {
        UserId reader = CurrentUser.get();
        Optional<EntityType> only = kinds.findType(entityType);
        Approvals.Query query =
                new Approvals.Query(Optional.empty(), Optional.empty(), only, Optional.empty(), Optional.empty(), true);
        Page<Approval> waiting = approvals.list(reader, query, PageRequest.of(null, cursor));
        model.addAttribute("waiting", waiting.map(approval -> new Item(approval, Payload.of(approval))));
        model.addAttribute("own", submitted(PageRequest.of(OWN_REQUESTS, null)));
        model.addAttribute("entityTypes", kinds.types());
        model.addAttribute("entityType", only.orElse(null));
        model.addAttribute("glance", inbox.glance(reader));
        return "approvals/inbox";
    }

    @GetMapping("/inbox/submitted")
    String submitted(@RequestParam(required = false) String cursor, Model model) {
        model.addAttribute("own", submitted(PageRequest.of(null, cursor)));
        return "approvals/submitted";
    }

    private Page<RequestCard> submitted(PageRequest page) {
        Approvals.Query own = new Approvals.Query(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Principal.of(CurrentUser.get())),
                false);
        return requests.list(own, page);
    }
}
