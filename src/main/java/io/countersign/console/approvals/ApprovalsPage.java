package io.countersign.console.approvals;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.requests.Approvals;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Every request that the reader may see, newest first. */
@Controller
class ApprovalsPage {

    private final RequestFrame requests;
    private final RequestKinds kinds;

    ApprovalsPage(RequestFrame requests, RequestKinds kinds) {
        this.requests = requests;
        this.kinds = kinds;
    }

    /** An unknown filter value is ignored: the page shows the active filters. */
    @GetMapping("/approvals")
    String list(
            @RequestParam(defaultValue = "") String status,
            @RequestParam(name = "entity_type", defaultValue = "") String entityType,
            @RequestParam(required = false) String cursor,
            Model model) {
        Optional<ApprovalStatus> onlyStatus = ApprovalStatus.find(status);
        Optional<EntityType> onlyType = kinds.findType(entityType);
        Approvals.Query query =
                new Approvals.Query(Optional.empty(), onlyStatus, onlyType, Optional.empty(), Optional.empty(), false);
        model.addAttribute("requests", requests.list(query, PageRequest.of(null, cursor)));
        model.addAttribute("statuses", ApprovalStatus.values());
        model.addAttribute("entityTypes", kinds.types());
        model.addAttribute("status", onlyStatus.orElse(null));
        model.addAttribute("entityType", onlyType.orElse(null));
        return "approvals/approvals";
    }
}
