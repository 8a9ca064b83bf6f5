package io.countersign.console.approvals;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.StageId;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.risk.Risk;
import io.countersign.approval.risk.Risks;
import io.countersign.approval.rules.Verdict;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Several decisions in one step: a confirmation page that shows each request, and its POST, which passes each decision
 * separately to the one door. A refused one does not stop the others.
 */
@Controller
@RequestMapping("/inbox")
class BulkDecisionPages {

    private static final Logger log = LoggerFactory.getLogger(BulkDecisionPages.class);
    private static final int MAX_ITEMS = 100;
    private static final String RESULTS = "results";

    private final Approvals approvals;
    private final DecisionRights rights;
    private final Decisions decisions;
    private final Risks risks;
    private final RequestPresenter presenter;

    BulkDecisionPages(
            Approvals approvals, DecisionRights rights, Decisions decisions, Risks risks, RequestPresenter presenter) {
        this.approvals = approvals;
        this.rights = rights;
        this.decisions = decisions;
        this.risks = risks;
        this.presenter = presenter;
    }

    /**
     * A selected request.
     *
     * @param approval the request as it is now
     * @param payload its content and changes
     * @param risks what to know before deciding
     */
    public record Chosen(Approval approval, Payload payload, List<Risk> risks) {

        /** @return the form's value: the request, its open stage, and the hash of the displayed content */
        public String token() {
            return approval.id() + " " + approval.openStage().orElseThrow().id() + " " + approval.contentHash();
        }

        /** @return whether this decision is the last that the request needs */
        public boolean last() {
            return ApprovalPage.isLastDecision(approval);
        }
    }

    /**
     * A selected request that cannot be decided.
     *
     * @param id the request
     * @param title what it asks for
     * @param reason why not
     */
    public record LeftOut(String id, String title, String reason) {}

    /**
     * The outcome of one decision. Kept in the session until it is shown.
     *
     * @param id the request
     * @param title what it asks for
     * @param done whether the decision is recorded
     * @param outcome what follows, or why it was refused
     */
    public record Result(String id, String title, boolean done, String outcome) implements Serializable {}

    @GetMapping("/decide")
    String confirm(
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(name = "item", defaultValue = "") List<String> ids,
            Model model) {
        if (ids.isEmpty()) {
            throw new InvalidInput("item", "Choose at least one request in the inbox first");
        }
        return confirmation(ApprovalPage.kind(kind), ids, model);
    }

    @PostMapping("/decide")
    String decide(
            @RequestParam String kind,
            @RequestParam(name = "item", defaultValue = "") List<String> tokens,
            @RequestParam(defaultValue = "") String comment,
            Model model,
            Submission submission) {
        DecisionKind decision = ApprovalPage.kind(kind);
        if (tokens.isEmpty()) {
            throw new InvalidInput("item", "Choose at least one request in the inbox first");
        }
        List<String[]> items =
                limit(tokens).stream().map(BulkDecisionPages::parse).toList();
        if (decision == DecisionKind.REJECT && comment.isBlank()) {
            submission.refuse(new InvalidInput("comment", "must give the reason"), null);
            return confirmation(decision, items.stream().map(item -> item[0]).toList(), model);
        }
        ArrayList<Result> results = new ArrayList<>();
        items.forEach(item -> results.add(decide(item, decision, comment)));
        submission.pass(RESULTS, results);
        submission.pass("kind", decision.wireName());
        return "redirect:/inbox/decided";
    }

    /** Shows the results once; a later visit shows the inbox as it is then. */
    @GetMapping("/decided")
    String results(Model model) {
        return model.getAttribute(RESULTS) == null ? "redirect:/inbox" : "approvals/decide-many-results";
    }

    private String confirmation(DecisionKind kind, List<String> ids, Model model) {
        UserId reader = CurrentUser.get();
        List<Chosen> chosen = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (String id : limit(ids).stream().distinct().toList()) {
            try {
                Approval approval = approvals.getVisible(reader, ApprovalId.parse(id));
                Optional<Verdict> verdict = rights.verdictOnOpenStage(approval, reader);
                if (verdict.filter(Verdict::allowed).isPresent()) {
                    chosen.add(new Chosen(approval, Payload.of(approval), risks.of(approval)));
                } else {
                    leftOut.add(new LeftOut(
                            id,
                            presenter.title(approval),
                            verdict.map(Verdict::explanation)
                                    .orElseGet(() -> "This request is "
                                            + approval.status().wireName() + " already.")));
                }
            } catch (NotFound problem) {
                leftOut.add(new LeftOut(id, "A request", "There is no such request that you may see."));
            }
        }
        model.addAttribute("kind", kind);
        model.addAttribute("chosen", chosen);
        model.addAttribute("leftOut", leftOut);
        return "approvals/decide-many";
    }

    private Result decide(String[] item, DecisionKind kind, String comment) {
        String title = "Request " + item[0];
        try {
            ApprovalId id = ApprovalId.parse(item[0]);
            title = presenter.title(approvals.getVisible(CurrentUser.get(), id));
            Approval decided = decisions.decide(
                    id, StageId.parse(item[1]), kind, comment.isBlank() ? null : comment, Optional.of(item[2]));
            return new Result(item[0], title, true, presenter.outcome(decided, kind));
        } catch (Problem problem) {
            return new Result(item[0], title, false, problem.getMessage());
        } catch (RuntimeException e) {
            log.error("event=bulk_decision_failed approval={}", item[0], e);
            return new Result(item[0], title, false, "Something went wrong here. Look at the request and try again.");
        }
    }

    private static List<String> limit(List<String> items) {
        if (items.size() > MAX_ITEMS) {
            throw new InvalidInput("item", "Choose at most " + MAX_ITEMS + " requests at once");
        }
        return items;
    }

    private static String[] parse(String token) {
        String[] parts = token.split(" ");
        if (parts.length != 3) {
            throw new InvalidInput("item", "The form is incomplete; start again from the inbox");
        }
        return parts;
    }
}
