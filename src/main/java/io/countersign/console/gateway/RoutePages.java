package io.countersign.console.gateway;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.console.approvals.DiagramView;
import io.countersign.console.approvals.RequestFrame;
import io.countersign.console.approvals.Tries;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Submission;
import io.countersign.console.projects.ProjectFrame;
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
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** Domains and routes of a project: showing them, requesting changes, deploying. */
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
    private final RequestFrame request;
    private final Tries tries;

    RoutePages(
            ProjectFrame frame,
            Domains domains,
            Routes routes,
            Attachments attachments,
            Deployments deployments,
            Approvals approvals,
            RequestFrame request,
            Tries tries) {
        this.frame = frame;
        this.domains = domains;
        this.routes = routes;
        this.attachments = attachments;
        this.deployments = deployments;
        this.approvals = approvals;
        this.request = request;
        this.tries = tries;
    }

    /**
     * What the reader can do with a route now: what both its lifecycle and their permissions allow.
     *
     * @param change whether they may request a change
     * @param delete whether they may request its deletion
     * @param deploy whether they may deploy it
     * @param attach whether they may request to attach clients to it
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
            Submission submission) {
        return submission.fill(
                () -> {
                    domains.create(CurrentUser.get(), project, id.strip(), host.strip());
                    return submission.done(path(project, ""), "Domain " + host.strip() + " is added.");
                },
                model -> {
                    model.addAttribute("id", id);
                    model.addAttribute("host", host);
                    return domainForm(project, model);
                });
    }

    @PostMapping("/domains/{domain}/delete")
    String deleteDomain(@PathVariable String project, @PathVariable String domain, Submission submission) {
        return submission.act(
                () -> {
                    domains.delete(CurrentUser.get(), project, domain);
                    return submission.done(path(project, ""), "Domain " + domain + " is removed.");
                },
                model -> list(project, "", null, model));
    }

    @GetMapping("/routes/new")
    String form(@PathVariable String project, @RequestParam(defaultValue = "") String domain, Model model) {
        return createForm(project, domain, RouteForm.EMPTY, model);
    }

    @PostMapping("/routes/new")
    String create(@PathVariable String project, @ModelAttribute(FORM) RouteForm form, Submission submission) {
        return submission.fill(
                () -> {
                    UserId actor = CurrentUser.get();
                    RouteDraft draft = form.draft();
                    routes.requireFree(actor, project, form.domain(), draft.name(), draft, Permission.ROUTE_CREATE);
                    Route route = routes.create(actor, project, form.domain(), draft);
                    return submission.done(
                            path(project, "/" + route.id()),
                            "Your request for " + route.fullName() + " waits for approval.");
                },
                model -> createForm(project, form.domain(), form, model));
    }

    @GetMapping("/routes/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        return page(project, routes.get(CurrentUser.get(), project, id), model);
    }

    /** Answers 204 if nothing has changed since the page was rendered, so that the page can poll. */
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
    @ResponseBody
    List<DiagramView> process(@PathVariable String project, @PathVariable String id) {
        return request.diagrams(routes.get(CurrentUser.get(), project, id).process());
    }

    @GetMapping("/routes/{id}/edit")
    String edit(@PathVariable String project, @PathVariable String id, Model model) {
        Route route = routes.get(CurrentUser.get(), project, id);
        return form(project, route, Permission.ROUTE_EDIT, RouteForm.of(route.spec()), model);
    }

    @PostMapping("/routes/{id}/edit")
    String update(
            @PathVariable String project,
            @PathVariable String id,
            @ModelAttribute(FORM) RouteForm form,
            Submission submission) {
        Route present = routes.get(CurrentUser.get(), project, id);
        return submission.fill(
                () -> {
                    UserId actor = CurrentUser.get();
                    RouteDraft draft = form.draft();
                    routes.requireFree(actor, project, present.domain(), present.name(), draft, Permission.ROUTE_EDIT);
                    Route route = routes.update(actor, project, id, draft);
                    return submission.done(
                            path(project, "/" + id), "Your change of " + route.fullName() + " waits for approval.");
                },
                model -> form(project, present, Permission.ROUTE_EDIT, form, model));
    }

    @PostMapping("/routes/{id}/delete")
    String delete(@PathVariable String project, @PathVariable String id, Submission submission) {
        return submission.act(
                () -> {
                    Route route = routes.delete(CurrentUser.get(), project, id);
                    return submission.done(
                            path(project, "/" + id),
                            "Your request to delete " + route.fullName() + " waits for approval.");
                },
                model -> show(project, id, model));
    }

    @PostMapping("/routes/{id}/deploy")
    String deploy(@PathVariable String project, @PathVariable String id, Submission submission) {
        return submission.act(
                () -> submission.done(
                        path(project, "/" + id),
                        deployments.deploy(CurrentUser.get(), project, id).fullName() + " is being deployed."),
                model -> show(project, id, model));
    }

    private String createForm(String project, String domain, RouteForm form, Model model) {
        model.addAttribute("chosenDomain", domain);
        return form(project, null, Permission.ROUTE_CREATE, form, model);
    }

    private String form(String project, Route route, Permission needed, RouteForm form, Model model) {
        frame.require(project, needed, model);
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
        request.open(approval, route.process(), model);
        model.addAttribute("route", route);
        model.addAttribute("spec", route.spec());
        model.addAttribute("payload", Payload.of(approval));
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

    private String version(Route route, Approval approval) {
        return RequestFrame.version(
                route.status().wireName(), route.updatedAt(), approval, Tries.mark(tries.of(route.id())));
    }

    private static String path(String project, String rest) {
        return "/projects/" + project + "/routes" + rest;
    }
}
