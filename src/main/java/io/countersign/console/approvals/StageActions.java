package io.countersign.console.approvals;

import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.StageId;
import io.countersign.approval.deciding.Decisions;
import io.countersign.console.layout.Flash;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What people do on a request's page beside deciding: take back, ask the submitter, answer. */
@Controller
@RequestMapping("/approvals/{id}")
class StageActions {

    private final Decisions decisions;
    private final ApprovalPage page;

    StageActions(Decisions decisions, ApprovalPage page) {
        this.decisions = decisions;
        this.page = page;
    }

    @PostMapping("/stages/{stage}/take-back")
    String takeBack(
            @PathVariable String id,
            @PathVariable String stage,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                id,
                () -> decisions.takeBack(ApprovalId.parse(id), StageId.parse(stage), reason),
                "Your approval is taken back. The stage is open again.",
                model,
                response,
                redirect);
    }

    @PostMapping("/stages/{stage}/ask")
    String ask(
            @PathVariable String id,
            @PathVariable String stage,
            @RequestParam(defaultValue = "") String question,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                id,
                () -> decisions.ask(ApprovalId.parse(id), StageId.parse(stage), question),
                "The submitter is asked. Nothing is decided until they answer.",
                model,
                response,
                redirect);
    }

    @PostMapping("/answer")
    String answer(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String answer,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                id,
                () -> decisions.answer(ApprovalId.parse(id), answer),
                "Your answer is with the approvers.",
                model,
                response,
                redirect);
    }

    @PostMapping("/withdraw-question")
    String withdrawQuestion(
            @PathVariable String id, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        return done(
                id,
                () -> decisions.withdrawQuestion(ApprovalId.parse(id)),
                "The question is withdrawn. The stage is open again.",
                model,
                response,
                redirect);
    }

    private String done(
            String id,
            Supplier<Approval> deed,
            String sentence,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            deed.get();
            Flash.success(redirect, sentence);
            return "redirect:/approvals/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return page.refused(ApprovalId.parse(id), problem, model, response);
        }
    }
}
