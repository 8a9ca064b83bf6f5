package io.countersign.notification.web;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Stage;
import io.countersign.approval.StageStatus;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.notification.content.RequestSummaries;
import io.countersign.notification.link.DecisionLink;
import io.countersign.notification.link.DecisionLinks;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * The page behind the links in a mail. A GET changes nothing, because mail scanners follow links; the decision is the
 * signed-in person's own POST, and the usual rules apply.
 */
@Controller
@RequestMapping("/notification/approval")
class DecisionPage {

    private final DecisionLinks links;
    private final Approvals approvals;
    private final DecisionRights rights;
    private final Decisions decisions;
    private final RequestSummaries summaries;

    DecisionPage(
            DecisionLinks links,
            Approvals approvals,
            DecisionRights rights,
            Decisions decisions,
            RequestSummaries summaries) {
        this.links = links;
        this.approvals = approvals;
        this.rights = rights;
        this.decisions = decisions;
        this.summaries = summaries;
    }

    @ModelAttribute
    void headers(HttpServletResponse response) {
        Notice.keepTokenHere(response);
    }

    @GetMapping
    ModelAndView show(@RequestParam(defaultValue = "") String token) {
        Optional<DecisionLink> link = links.find(token);
        return obstacle(link, HttpStatus.GONE)
                .orElseGet(() -> form(link.orElseThrow(), token, "", Optional.empty(), HttpStatus.OK));
    }

    @PostMapping
    ModelAndView decide(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String comment,
            @RequestParam(name = "content_hash") String contentHash) {
        Optional<DecisionLink> found = links.find(token);
        Optional<ModelAndView> obstacle = obstacle(found, HttpStatus.CONFLICT);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        DecisionLink link = found.orElseThrow();
        Approval approval = approvals.get(link.approval());
        try {
            decisions.decide(
                    approval.id(),
                    approval.stage(link.stageOrder()).id(),
                    link.decision(),
                    comment,
                    Optional.of(contentHash));
        } catch (InvalidInput e) {
            if (!e.errors().get(0).field().equals("comment")) {
                return Notice.page(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        "Not decided",
                        "The form was incomplete. Open the link in the mail again.");
            }
            return form(
                    link, token, comment, Optional.of(e.errors().get(0).message()), HttpStatus.UNPROCESSABLE_ENTITY);
        } catch (Forbidden e) {
            return refused(e.getMessage());
        } catch (NotFound e) {
            return refused("You are no longer a member there.");
        } catch (Conflict e) {
            return obstacle(found, HttpStatus.CONFLICT)
                    .orElseGet(() -> Notice.page(HttpStatus.CONFLICT, "Not decided", e.getMessage()));
        }
        links.markUsed(link);
        return Notice.page(
                        HttpStatus.OK,
                        link.decision() == DecisionKind.APPROVE ? "Approved" : "Rejected",
                        "You " + (link.decision() == DecisionKind.APPROVE ? "approved" : "rejected")
                                + " the request to "
                                + summaries.title(approval) + " in "
                                + approval.scope().id() + ".")
                .addObject("approval", approval.id());
    }

    private ModelAndView form(
            DecisionLink link, String token, String comment, Optional<String> problem, HttpStatus status) {
        Approval approval = approvals.get(link.approval());
        ModelAndView page = new ModelAndView("notification/approval", status);
        page.addObject("token", token);
        page.addObject("approve", link.decision() == DecisionKind.APPROVE);
        page.addObject("request", summaries.of(approval));
        page.addObject("contentHash", approval.contentHash());
        page.addObject("comment", comment);
        page.addObject("problem", problem.orElse(null));
        return page;
    }

    /**
     * Anything that prevents the signed-in person from deciding by a link.
     *
     * @param whenDecided the status to answer with if the stage takes no further decision
     */
    private Optional<ModelAndView> obstacle(Optional<DecisionLink> found, HttpStatus whenDecided) {
        if (found.isEmpty()) {
            return Optional.of(Notice.page(
                    HttpStatus.NOT_FOUND,
                    "Unknown link",
                    "This link is not valid. Copy the whole link from the mail, or look for the request in"
                            + " your inbox."));
        }
        DecisionLink link = found.get();
        UserId person = CurrentUser.get();
        if (!link.user().equals(person)) {
            return Optional.of(Notice.page(
                    HttpStatus.FORBIDDEN,
                    "Not your link",
                    "This link was sent to another person and works only for them. You are signed in as "
                            + summaries.person(person) + "."));
        }
        Approval approval = approvals.get(link.approval());
        Stage stage = approval.stage(link.stageOrder());
        Verdict verdict = rights.verdict(approval, stage, person);
        boolean decided = stage.status() != StageStatus.PENDING
                || approval.openStage().isEmpty()
                || stage.decidedBy(person)
                || link.used();
        boolean outsider = verdict.refusal()
                .filter(refusal -> refusal == Refusal.MISSING_PERMISSION)
                .isPresent();
        if (decided && !outsider) {
            boolean open = stage.status() == StageStatus.PENDING
                    && approval.openStage().isPresent();
            return Optional.of((open
                            ? Notice.page(whenDecided, "This link was used", summaries.whyUsed(stage, person))
                            : Notice.page(whenDecided, "Already decided", summaries.whyClosed(approval, stage)))
                    .addObject("approval", approval.id()));
        }
        if (verdict.refusal()
                .filter(refusal -> refusal == Refusal.WAITING_FOR_SUBMITTER)
                .isPresent()) {
            return Optional.of(Notice.page(HttpStatus.CONFLICT, "Not yet", verdict.explanation())
                    .addObject("approval", approval.id()));
        }
        return verdict.allowed() ? Optional.empty() : Optional.of(refused(verdict.explanation()));
    }

    private static ModelAndView refused(String explanation) {
        return Notice.page(HttpStatus.FORBIDDEN, "You may no longer decide this", explanation);
    }
}
