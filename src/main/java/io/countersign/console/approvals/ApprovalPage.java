package io.countersign.console.approvals;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.StageId;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.discussion.Discussion;
import io.countersign.approval.preview.Previews;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.risk.Risks;
import io.countersign.console.layout.Paths;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Submission;
import io.countersign.console.layout.Words;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * One request: its content, its stages and discussion, and what the reader may do about it. A decision takes two steps:
 * a confirmation page, and its POST, which passes the decision to the one door.
 */
@Controller
@RequestMapping("/approvals/{id}")
class ApprovalPage {

    private static final int COMMENTS = 50;

    private final Approvals approvals;
    private final DecisionRights rights;
    private final Discussion discussion;
    private final Decisions decisions;
    private final Previews previews;
    private final Risks risks;
    private final ProcessDiagrams diagrams;
    private final Timeline timeline;
    private final RequestPresenter presenter;

    ApprovalPage(
            Approvals approvals,
            DecisionRights rights,
            Discussion discussion,
            Decisions decisions,
            Previews previews,
            Risks risks,
            ProcessDiagrams diagrams,
            Timeline timeline,
            RequestPresenter presenter) {
        this.approvals = approvals;
        this.rights = rights;
        this.discussion = discussion;
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

    /** What the request would apply. A fragment of the request's page that may be slow, and a page of its own. */
    @GetMapping("/preview")
    String preview(@PathVariable String id, Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        model.addAttribute("title", "What would be applied: " + presenter.title(approval));
        model.addAttribute("approval", approval);
        model.addAttribute("objects", previews.of(approval));
        return "approvals/preview";
    }

    @GetMapping(path = "/process", produces = "application/json")
    @ResponseBody
    List<DiagramView> process(@PathVariable String id) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        return diagrams(approval).stream().map(DiagramView::of).toList();
    }

    @GetMapping("/decide")
    String confirm(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(required = false) String back,
            Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        RequestCard card = RequestCard.of(approval, rights, CurrentUser.get());
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
            Submission submission) {
        ApprovalId approvalId = ApprovalId.parse(id);
        DecisionKind decision = kind(kind);
        try {
            Approval decided = decisions.decide(
                    approvalId,
                    StageId.parse(stage),
                    decision,
                    comment.isBlank() ? null : comment,
                    Optional.of(contentHash));
            return submission.done(Paths.local(back, "/approvals/" + id), presenter.outcome(decided, decision));
        } catch (InvalidInput problem) {
            submission.refuse(
                    problem,
                    problem.errors().stream().anyMatch(error -> error.field().equals("comment"))
                            ? null
                            : "The form was incomplete, so nothing was decided. Look at the request once more.");
            model.addAttribute("comment", comment);
            Approval approval = approvals.getVisible(CurrentUser.get(), approvalId);
            return confirmation(approval, decision, Paths.local(back, null), model);
        } catch (Problem problem) {
            submission.refuse(problem, problem.getMessage());
            return show(id, null, model);
        }
    }

    @PostMapping("/override")
    String override(
            @PathVariable String id,
            @RequestParam String kind,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(name = "content_hash") String contentHash,
            Submission submission) {
        DecisionKind decision = kind(kind);
        return act(id, submission, request -> {
            Approval decided = decisions.override(request, decision, reason, Optional.of(contentHash));
            return presenter.outcome(decided, decision) + " The override is on record.";
        });
    }

    @PostMapping("/comments")
    String comment(@PathVariable String id, @RequestParam(defaultValue = "") String text, Submission submission) {
        return submission.act(
                () -> {
                    discussion.add(CurrentUser.get(), ApprovalId.parse(id), text);
                    return "redirect:/approvals/" + id + "#discussion";
                },
                model -> {
                    model.addAttribute("text", text);
                    return show(id, null, model);
                });
    }

    @GetMapping("/cancel")
    String confirmCancel(@PathVariable String id, Model model) {
        Approval approval = approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
        if (!rights.mayCancel(CurrentUser.get(), approval)) {
            return page(approval, model);
        }
        model.addAttribute("approval", approval);
        return "approvals/cancel";
    }

    @PostMapping("/cancel")
    String cancel(@PathVariable String id, Submission submission) {
        return act(id, submission, request -> {
            decisions.cancel(request);
            return "The request is cancelled.";
        });
    }

    @PostMapping("/stages/{stage}/take-back")
    String takeBack(
            @PathVariable String id,
            @PathVariable String stage,
            @RequestParam(defaultValue = "") String reason,
            Submission submission) {
        return act(id, submission, request -> {
            decisions.takeBack(request, StageId.parse(stage), reason);
            return "Your approval is taken back. The stage is open again.";
        });
    }

    @PostMapping("/stages/{stage}/ask")
    String ask(
            @PathVariable String id,
            @PathVariable String stage,
            @RequestParam(defaultValue = "") String question,
            Submission submission) {
        return act(id, submission, request -> {
            decisions.ask(request, StageId.parse(stage), question);
            return "The submitter is asked. Nothing is decided until they answer.";
        });
    }

    @PostMapping("/answer")
    String answer(@PathVariable String id, @RequestParam(defaultValue = "") String answer, Submission submission) {
        return act(id, submission, request -> {
            decisions.answer(request, answer);
            return "Your answer is with the approvers.";
        });
    }

    @PostMapping("/withdraw-question")
    String withdrawQuestion(@PathVariable String id, Submission submission) {
        return act(id, submission, request -> {
            decisions.withdrawQuestion(request);
            return "The question is withdrawn. The stage is open again.";
        });
    }

    /** Runs an action on a request and shows the result on its page, or why it was refused. */
    private String act(String id, Submission submission, Function<ApprovalId, String> action) {
        return submission.act(
                () -> submission.done("/approvals/" + id, action.apply(ApprovalId.parse(id))),
                model -> show(id, null, model));
    }

    private String page(Approval approval, Model model) {
        return page(approval, PageRequest.of(COMMENTS, null), model);
    }

    private String page(Approval approval, PageRequest comments, Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("title", presenter.title(approval));
        model.addAttribute("card", RequestCard.of(approval, rights, reader));
        model.addAttribute("approval", approval);
        model.addAttribute("payload", Payload.of(approval));
        model.addAttribute("stages", StageView.of(approval, rights));
        model.addAttribute("risks", risks.of(approval));
        model.addAttribute("comments", discussion.comments(reader, approval.id(), comments));
        model.addAttribute("firstComments", comments.after().isEmpty());
        model.addAttribute(
                "mayOverride",
                approval.stuckReason().isPresent()
                        && rights.overrideVerdict(approval, reader).allowed());
        model.addAttribute("mayCancel", rights.mayCancel(reader, approval));
        model.addAttribute("previewable", approval.unfinished() && previews.exist(approval.entityType()));
        model.addAttribute("diagrams", diagrams(approval));
        model.addAttribute("timeline", timeline.of(approval));
        return "approvals/approval";
    }

    private List<ProcessDiagrams.Diagram> diagrams(Approval approval) {
        return approvals.processInstance(approval.id()).map(diagrams::ofWhole).orElse(List.of());
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

    static DecisionKind kind(String kind) {
        return DecisionKind.find(kind).orElseThrow(() -> new InvalidInput("kind", "must be \"approve\" or \"reject\""));
    }

    /** @return whether a request needs exactly one more decision */
    static boolean isLastDecision(Approval approval) {
        return approval.openStage()
                .filter(stage -> stage.approversMissing() == 1
                        && stage.order() == approval.stages().size())
                .isPresent();
    }
}
