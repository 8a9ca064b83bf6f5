package io.countersign.console.approvals;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.StageId;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.preview.Previews;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.risk.Risks;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Paths;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Problems;
import io.countersign.console.layout.Words;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * One request: what it asks for, its stages and discussion, and what the reader may do about it. A decision takes two
 * steps: a page that asks for confirmation, and its POST, which passes the decision to the one door.
 */
@Controller
@RequestMapping("/approvals/{id}")
class ApprovalPage {

    private static final int COMMENTS = 50;

    private final Approvals approvals;
    private final Decisions decisions;
    private final Previews previews;
    private final Risks risks;
    private final ProcessDiagrams diagrams;
    private final Timeline timeline;
    private final RequestPresenter presenter;

    ApprovalPage(
            Approvals approvals,
            Decisions decisions,
            Previews previews,
            Risks risks,
            ProcessDiagrams diagrams,
            Timeline timeline,
            RequestPresenter presenter) {
        this.approvals = approvals;
        this.decisions = decisions;
        this.previews = previews;
        this.risks = risks;
        this.diagrams = diagrams;
        this.timeline = timeline;
        this.presenter = presenter;
    }

    @GetMapping
    String show(
            @PathVariable String id, @RequestParam(name = "comments", required = false) String cursor, Model model) {
        PageRequest comments = PageRequest.of(COMMENTS, cursor);
        return page(approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id)), comments, model);
    }

    /** What carrying it out would apply. A part of the request's page that may take a moment, and a page of its own. */
    @GetMapping("/preview")
    String preview(@PathVariable String id, Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        model.addAttribute("title", "What would be applied: " + presenter.title(approval));
        model.addAttribute("approval", approval);
        model.addAttribute("objects", previews.of(approval));
        return "approvals/preview";
    }

    @GetMapping(path = "/process", produces = "application/json")
    ResponseEntity<List<DiagramView>> process(@PathVariable String id) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        return ResponseEntity.ok(
                diagrams(approval).stream().map(DiagramView::of).toList());
    }

    @GetMapping("/decide")
    String confirm(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(required = false) String back,
            Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        RequestCard card = RequestCard.of(approval, approvals, CurrentUser.get());
        if (!card.decidable()) {
            return page(approval, model);
        }
        return confirmation(approval, kind(kind), Paths.local(back, null), model);
    }

    @PostMapping("/stages/{stage}/decide")
    String decide(
            @PathVariable String id,
            @PathVariable String stage,
            @RequestParam String kind,
            @RequestParam(name = "content_hash") String contentHash,
            @RequestParam(defaultValue = "") String comment,
            @RequestParam(required = false) String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        ApprovalId approvalId = ApprovalId.parse(id);
        DecisionKind decision = kind(kind);
        try {
            Approval decided = decisions.decide(
                    approvalId,
                    StageId.parse(stage),
                    decision,
                    comment.isBlank() ? null : comment,
                    Optional.of(contentHash));
            Flash.success(redirect, presenter.outcome(decided, decision));
            return "redirect:" + Paths.local(back, "/approvals/" + id);
        } catch (InvalidInput problem) {
            Approval approval = approvals.getVisible(CurrentUser.get(), approvalId);
            response.setStatus(Problems.status(problem).value());
            FormErrors.of(problem).addTo(model);
            if (problem.errors().stream().noneMatch(error -> error.field().equals("comment"))) {
                Flash.problem(model, "The form was incomplete, so nothing was decided. Look at the request once more.");
            }
            model.addAttribute("comment", comment);
            return confirmation(approval, decision, Paths.local(back, null), model);
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(approvalId, problem, model, response);
        }
    }

    @PostMapping("/override")
    String override(
            @PathVariable String id,
            @RequestParam String kind,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(name = "content_hash") String contentHash,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        ApprovalId approvalId = ApprovalId.parse(id);
        DecisionKind decision = kind(kind);
        try {
            Approval decided = decisions.override(approvalId, decision, reason, Optional.of(contentHash));
            Flash.success(redirect, presenter.outcome(decided, decision) + " The override is on record.");
            return "redirect:/approvals/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(approvalId, problem, model, response);
        }
    }

    @PostMapping("/comments")
    String comment(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String text,
            Model model,
            HttpServletResponse response) {
        ApprovalId approvalId = ApprovalId.parse(id);
        try {
            approvals.addComment(CurrentUser.get(), approvalId, text);
            return "redirect:/approvals/" + id + "#discussion";
        } catch (InvalidInput problem) {
            model.addAttribute("text", text);
            return refused(approvalId, problem, model, response);
        }
    }

    @GetMapping("/cancel")
    String confirmCancel(@PathVariable String id, Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        if (!approvals.mayCancel(CurrentUser.get(), approval)) {
            return page(approval, model);
        }
        model.addAttribute("approval", approval);
        return "approvals/cancel";
    }

    @PostMapping("/cancel")
    String cancel(@PathVariable String id, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        ApprovalId approvalId = ApprovalId.parse(id);
        try {
            decisions.cancel(approvalId);
            Flash.success(redirect, "The request is cancelled.");
            return "redirect:/approvals/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(approvalId, problem, model, response);
        }
    }

    private String page(Approval approval, Model model) {
        return page(approval, PageRequest.of(COMMENTS, null), model);
    }

    private String page(Approval approval, PageRequest comments, Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("title", presenter.title(approval));
        model.addAttribute("card", RequestCard.of(approval, approvals, reader));
        model.addAttribute("approval", approval);
        model.addAttribute("payload", Payload.of(approval));
        model.addAttribute("stages", StageView.of(approval, approvals));
        model.addAttribute("risks", risks.of(approval));
        model.addAttribute("comments", approvals.comments(reader, approval.id(), comments));
        model.addAttribute("firstComments", comments.after().isEmpty());
        model.addAttribute(
                "mayOverride",
                approval.stuckReason().isPresent()
                        && approvals.overrideVerdict(approval, reader).allowed());
        model.addAttribute("mayCancel", approvals.mayCancel(reader, approval));
        model.addAttribute("previewable", approval.unfinished() && previews.exist(approval.entityType()));
        model.addAttribute("diagrams", diagrams(approval));
        model.addAttribute("timeline", timeline.of(approval));
        return "approvals/approval";
    }

    private List<ProcessDiagrams.Diagram> diagrams(Approval approval) {
        return approvals.processInstance(approval.id()).map(diagrams::ofWhole).orElse(List.of());
    }

    /** Shows the request as it is now, with the reason why nothing was done. */
    String refused(ApprovalId id, Problem problem, Model model, HttpServletResponse response) {
        response.setStatus(Problems.status(problem).value());
        FormErrors.of(problem).addTo(model);
        Flash.problem(model, problem.getMessage());
        return page(approvals.getVisible(CurrentUser.get(), id), model);
    }

    private String confirmation(Approval approval, DecisionKind kind, String back, Model model) {
        model.addAttribute("title", Words.label(kind.wireName()) + ": " + presenter.title(approval));
        model.addAttribute("approval", approval);
        model.addAttribute("payload", Payload.of(approval));
        model.addAttribute("risks", risks.of(approval));
        model.addAttribute("stage", approval.openStage().orElseThrow());
        model.addAttribute("kind", kind);
        model.addAttribute("back", back);
        return "approvals/decide";
    }

    private static DecisionKind kind(String kind) {
        return DecisionKind.find(kind).orElseThrow(() -> new InvalidInput("kind", "must be \"approve\" or \"reject\""));
    }

    /** @return whether a request needs one decision more, and no other */
    static boolean isLastDecision(Approval approval) {
        return approval.openStage()
                .filter(stage -> stage.approversMissing() == 1
                        && stage.order() == approval.stages().size())
                .isPresent();
    }
}
