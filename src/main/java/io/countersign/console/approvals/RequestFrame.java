package io.countersign.console.approvals;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** How other features' pages show their requests. */
@Component
public class RequestFrame {

    private final Approvals approvals;
    private final DecisionRights rights;
    private final ProcessDiagrams diagrams;

    RequestFrame(Approvals approvals, DecisionRights rights, ProcessDiagrams diagrams) {
        this.approvals = approvals;
        this.rights = rights;
        this.diagrams = diagrams;
    }

    /**
     * Adds the request to the page's model.
     *
     * @param process the process that carries it out, if there is one
     */
    public void open(Approval approval, Optional<String> process, Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("approval", approval);
        model.addAttribute("card", RequestCard.of(approval, rights, reader));
        model.addAttribute("mayCancel", rights.mayCancel(reader, approval));
        model.addAttribute("stages", StageView.of(approval, rights));
        model.addAttribute("diagrams", process.map(diagrams::of).orElse(List.of()));
    }

    /** @return requests as the reader sees them in a list */
    public Page<RequestCard> list(Approvals.Query query, PageRequest page) {
        UserId reader = CurrentUser.get();
        return approvals.list(reader, query, page).map(approval -> RequestCard.of(approval, rights, reader));
    }

    /** @return the process on its models, for the script that draws it */
    public List<DiagramView> diagrams(Optional<String> process) {
        return process.map(diagrams::of).orElse(List.of()).stream()
                .map(DiagramView::of)
                .toList();
    }

    /** @return a fingerprint of what the page shows, so that a page can ask whether anything changed */
    public static String version(String status, Instant changedAt, Approval approval, String tried) {
        int decisions = approval.stages().stream()
                .mapToInt(stage -> stage.decisions().size())
                .sum();
        return status + "." + changedAt.toEpochMilli() + "." + decisions + "." + tried;
    }
}
