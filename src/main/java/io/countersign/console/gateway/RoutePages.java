package io.countersign.console.gateway;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.console.approvals.DiagramView;
import io.countersign.console.approvals.RequestCard;
import io.countersign.console.approvals.StageView;
import io.countersign.console.approvals.Tries;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Problems;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.console.projects.ProjectPages;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.Domains;
import io.countersign.gateway.Route;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteEvent;
import io.countersign.gateway.RouteRequests;
import io.countersign.gateway.RouteStatus;
import io.countersign.gateway.Routes;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Domains and routes of a project: showing them, asking for changes, deploying. */
@Controller
@RequestMapping("/projects/{project}")
class RoutePages {

    private static final String FORM = "form";

    private final ProjectFrame frame;
    private final Domains domains;
    private final Routes routes;
    private final Attachments attachments;
    private final Deployments deployments;
    private final Approvals approvals;
    private final ProcessDiagrams diagrams;
    private final Tries tries;

    RoutePages(
            ProjectFrame frame,
            Domains domains,
            Routes routes,
            Attachments attachments,
            Deployments deployments,
            Approvals approvals,
            ProcessDiagrams diagrams,
            Tries tries) {
        this.frame = frame;
        this.domains = domains;
        this.routes = routes;
        this.attachments = attachments;
        this.deployments = deployments;
        this.approvals = approvals;
        this.diagrams = diagrams;
        this.tries = tries;
    }

    /**
     * What the reader can do to a route now: what both the lifecycle and their permissions let them.
     *
     * @param change whether they may ask to change it
     * @param delete whether they may ask to delete it
     * @param deploy whether they may deploy it
     * @param attach whether they may ask to attach clients to it
     */
    public record Actions(boolean change, boolean delete, boolean deploy, boolean attach) {}

    @GetMapping("/routes")
    String list(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String status,
            @RequestParam(required = false) String cursor,
            Model model) {
        UserId user = CurrentUser.get();
        frame.open(project, model);
        Optional<RouteStatus> only = RouteStatus.find(status);
        model.addAttribute("routes", routes.list(user, project, Optional.empty(), only, PageRequest.of(null, cursor)));
        model.addAttribute(
                "domains",
                domains.list(user, project, PageRequest.of(100, null)).items());
        model.addAttribute("awaiting", frame.awaiting(project, RouteRequests.TYPE));
        model.addAttribute("status", only.orElse(null));
        model.addAttribute("statuses", RouteStatus.values());
        model.addAttribute("first", cursor == null);
        return "gateway/routes";
    }

    @GetMapping("/domains/new")
    String domainForm(@PathVariable String project, Model model) {
        frame.require(project, Permission.DOMAIN_CREATE, model);
        return "gateway/domain-form";
    }

    @PostMapping("/domains/new")
    String createDomain(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String id,
            @RequestParam(defaultValue = "") String host,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            domains.create(CurrentUser.get(), project, id.strip(), host.strip());
            Flash.success(redirect, "Domain " + host.strip() + " is added.");
            return "redirect:/projects/" + project + "/routes";
        } catch (InvalidInput | Conflict problem) {
            frame.open(project, model);
            model.addAttribute("id", id);
            model.addAttribute("host", host);
            return ProjectPages.again(problem, model, response, "gateway/domain-form");
        }
    }

    @PostMapping("/domains/{domain}/delete")
    String deleteDomain(
            @PathVariable String project,
            @PathVariable String domain,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            domains.delete(CurrentUser.get(), project, domain);
            Flash.success(redirect, "Domain " + domain + " is removed.");
            return "redirect:/projects/" + project + "/routes";
        } catch (Conflict problem) {
            response.setStatus(Problems.status(problem).value());
            Flash.problem(model, problem.getMessage());
            return list(project, "", null, model);
        }
    }

    @GetMapping("/routes/new")
    String form(@PathVariable String project, @RequestParam(defaultValue = "") String domain, Model model) {
        frame.require(project, Permission.ROUTE_CREATE, model);
        model.addAttribute("chosenDomain", domain);
        return form(project, null, RouteForm.EMPTY, model);
    }

    @PostMapping("/routes/new")
    String create(
            @PathVariable String project,
            @ModelAttribute(FORM) RouteForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            UserId actor = CurrentUser.get();
            RouteDraft draft = form.draft();
            routes.requireFree(actor, project, form.domain(), draft.name(), draft, Permission.ROUTE_CREATE);
            Route route = routes.create(actor, project, form.domain(), draft);
            Flash.success(redirect, "Your request for " + route.fullName() + " waits for approval.");
            return "redirect:/projects/" + project + "/routes/" + route.id();
        } catch (InvalidInput | Conflict problem) {
            frame.open(project, model);
            model.addAttribute("chosenDomain", form.domain());
            return ProjectPages.again(problem, model, response, form(project, null, form, model));
        }
    }

    @GetMapping("/routes/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        return page(project, routes.get(CurrentUser.get(), project, id), model);
    }

    /** Answers 204 while nothing changed since the page was made, so that a page can ask again and again. */
    @GetMapping("/routes/{id}/live")
    String live(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam String seen,
            Model model,
            HttpServletResponse response) {
        Route route = routes.get(CurrentUser.get(), project, id);
        if (version(route, approvals.get(route.approval())).equals(seen)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return null;
        }
        return page(project, route, model);
    }

    @GetMapping(path = "/routes/{id}/process", produces = "application/json")
    ResponseEntity<List<DiagramView>> process(@PathVariable String project, @PathVariable String id) {
        Route route = routes.get(CurrentUser.get(), project, id);
        return ResponseEntity.ok(diagrams(route).stream().map(DiagramView::of).toList());
    }

    @GetMapping("/routes/{id}/edit")
    String edit(@PathVariable String project, @PathVariable String id, Model model) {
        frame.require(project, Permission.ROUTE_EDIT, model);
        Route route = routes.get(CurrentUser.get(), project, id);
        return form(project, route, RouteForm.of(route.spec()), model);
    }

    @PostMapping("/routes/{id}/edit")
    String update(
            @PathVariable String project,
            @PathVariable String id,
            @ModelAttribute(FORM) RouteForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        Route present = routes.get(CurrentUser.get(), project, id);
        try {
            UserId actor = CurrentUser.get();
            RouteDraft draft = form.draft();
            routes.requireFree(actor, project, present.domain(), present.name(), draft, Permission.ROUTE_EDIT);
            Route route = routes.update(actor, project, id, draft);
            Flash.success(redirect, "Your change of " + route.fullName() + " waits for approval.");
            return "redirect:/projects/" + project + "/routes/" + id;
        } catch (InvalidInput | Conflict problem) {
            frame.open(project, model);
            return ProjectPages.again(problem, model, response, form(project, present, form, model));
        }
    }

    @PostMapping("/routes/{id}/delete")
    String delete(
            @PathVariable String project,
            @PathVariable String id,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Route route = routes.delete(CurrentUser.get(), project, id);
            Flash.success(redirect, "Your request to delete " + route.fullName() + " waits for approval.");
            return "redirect:/projects/" + project + "/routes/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(project, id, problem, model, response);
        }
    }

    @PostMapping("/routes/{id}/deploy")
    String deploy(
            @PathVariable String project,
            @PathVariable String id,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Route route = deployments.deploy(CurrentUser.get(), project, id);
            Flash.success(redirect, route.fullName() + " is being deployed.");
            return "redirect:/projects/" + project + "/routes/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(project, id, problem, model, response);
        }
    }

    private String refused(String project, String id, Problem problem, Model model, HttpServletResponse response) {
        response.setStatus(Problems.status(problem).value());
        Flash.problem(model, problem.getMessage());
        return show(project, id, model);
    }

    private String form(String project, Route route, RouteForm form, Model model) {
        model.addAttribute(FORM, form);
        model.addAttribute("route", route);
        model.addAttribute("methods", RouteDraft.METHODS);
        model.addAttribute(
                "domains",
                domains.list(CurrentUser.get(), project, PageRequest.of(100, null))
                        .items());
        return "gateway/route-form";
    }

    private String page(String project, Route route, Model model) {
        UserId user = CurrentUser.get();
        frame.open(project, model);
        Approval approval = approvals.get(route.approval());
        model.addAttribute("route", route);
        model.addAttribute("spec", route.spec());
        model.addAttribute("approval", approval);
        model.addAttribute("card", RequestCard.of(approval, approvals, user));
        model.addAttribute("payload", Payload.of(approval));
        model.addAttribute("mayCancel", approvals.mayCancel(user, approval));
        model.addAttribute("stages", StageView.of(approval, approvals));
        model.addAttribute(
                "attachments",
                attachments
                        .list(
                                user,
                                project,
                                new Attachments.Query(Optional.of(route.id()), Optional.empty(), Optional.empty()),
                                PageRequest.of(100, null))
                        .items());
        model.addAttribute("version", version(route, approval));
        model.addAttribute("diagrams", diagrams(route));
        Set<RouteEvent> possible = routes.possible(user, route);
        model.addAttribute(
                "may",
                new Actions(
                        possible.contains(RouteEvent.SUBMIT_UPDATE),
                        possible.contains(RouteEvent.SUBMIT_DELETION),
                        possible.contains(RouteEvent.DEPLOY),
                        !attachments.attachable(user, project, List.of(route)).isEmpty()));
        return "gateway/route";
    }

    private List<ProcessDiagrams.Diagram> diagrams(Route route) {
        return route.process().map(diagrams::of).orElse(List.of());
    }

    private String version(Route route, Approval approval) {
        return route.status().wireName() + "." + route.updatedAt().toEpochMilli() + "."
                + approval.stages().stream()
                        .mapToInt(stage -> stage.decisions().size())
                        .sum()
                + "." + Tries.mark(tries.of(route));
    }
}
