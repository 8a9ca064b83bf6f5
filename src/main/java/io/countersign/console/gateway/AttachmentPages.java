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
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.Problems;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.console.projects.ProjectPages;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Clients;
import io.countersign.gateway.Routes;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
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

/** Which client may call which route, and the requests to change that. */
@Controller
@RequestMapping("/projects/{project}/attachments")
class AttachmentPages {

    private final ProjectFrame frame;
    private final Attachments attachments;
    private final Routes routes;
    private final Clients clients;
    private final Approvals approvals;
    private final ProcessDiagrams diagrams;

    AttachmentPages(
            ProjectFrame frame,
            Attachments attachments,
            Routes routes,
            Clients clients,
            Approvals approvals,
            ProcessDiagrams diagrams) {
        this.frame = frame;
        this.attachments = attachments;
        this.routes = routes;
        this.clients = clients;
        this.approvals = approvals;
        this.diagrams = diagrams;
    }

    @GetMapping
    String list(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String status,
            @RequestParam(required = false) String cursor,
            Model model) {
        frame.open(project, model);
        Optional<AttachmentStatus> only = AttachmentStatus.find(status);
        model.addAttribute(
                "attachments",
                attachments.list(
                        CurrentUser.get(),
                        project,
                        new Attachments.Query(Optional.empty(), Optional.empty(), only),
                        PageRequest.of(null, cursor)));
        model.addAttribute("awaiting", frame.awaiting(project, AttachmentRequests.TYPE));
        model.addAttribute("status", only.orElse(null));
        model.addAttribute("statuses", AttachmentStatus.values());
        model.addAttribute("first", cursor == null);
        return "gateway/attachments";
    }

    @GetMapping("/new")
    String form(
            @PathVariable String project,
            @RequestParam(name = "route", defaultValue = "") String route,
            @RequestParam(name = "client", defaultValue = "") String client,
            Model model) {
        frame.require(project, Permission.CLIENT_ATTACH, model);
        return formOf(project, route, client, model);
    }

    @PostMapping("/new")
    String attach(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String route,
            @RequestParam(defaultValue = "") String client,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Attachment attachment = attachments.attach(CurrentUser.get(), project, route, client);
            Flash.success(redirect, "Your request to attach the client waits for approval.");
            return "redirect:/projects/" + project + "/attachments/" + attachment.id();
        } catch (InvalidInput | Conflict problem) {
            frame.open(project, model);
            return ProjectPages.again(problem, model, response, formOf(project, route, client, model));
        }
    }

    @GetMapping("/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        UserId user = CurrentUser.get();
        ProjectFrame.Reader reader = frame.open(project, model);
        Attachments.Named named = attachments.get(user, project, id);
        Attachment attachment = named.attachment();
        Approval approval = approvals.get(attachment.request().approval());
        model.addAttribute("named", named);
        model.addAttribute("attachment", attachment);
        model.addAttribute("approval", approval);
        model.addAttribute("card", RequestCard.of(approval, approvals, user));
        model.addAttribute("mayCancel", approvals.mayCancel(user, approval));
        model.addAttribute("stages", StageView.of(approval, approvals));
        model.addAttribute("diagrams", diagrams(attachment));
        model.addAttribute(
                "mayDetach",
                attachment.status() == AttachmentStatus.ACTIVE
                        && attachment.update().isEmpty()
                        && reader.may("client.detach"));
        return "gateway/attachment";
    }

    @GetMapping(path = "/{id}/process", produces = "application/json")
    ResponseEntity<List<DiagramView>> process(@PathVariable String project, @PathVariable String id) {
        Attachment attachment = attachments.get(CurrentUser.get(), project, id).attachment();
        return ResponseEntity.ok(
                diagrams(attachment).stream().map(DiagramView::of).toList());
    }

    @PostMapping("/{id}/detach")
    String detach(
            @PathVariable String project,
            @PathVariable String id,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            attachments.detach(CurrentUser.get(), project, id);
            Flash.success(redirect, "Your request to detach the client waits for approval.");
            return "redirect:/projects/" + project + "/attachments/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            response.setStatus(Problems.status(problem).value());
            Flash.problem(model, problem.getMessage());
            return show(project, id, model);
        }
    }

    private String formOf(String project, String route, String client, Model model) {
        UserId user = CurrentUser.get();
        model.addAttribute("chosenRoute", route);
        model.addAttribute("chosenClient", client);
        model.addAttribute(
                "routes",
                attachments.attachable(
                        user,
                        project,
                        routes.list(user, project, Optional.empty(), Optional.empty(), PageRequest.of(100, null))
                                .items()));
        model.addAttribute(
                "clients",
                clients.list(user, project, PageRequest.of(100, null)).items());
        return "gateway/attachment-form";
    }

    private List<ProcessDiagrams.Diagram> diagrams(Attachment attachment) {
        return attachment.process().map(diagrams::of).orElse(List.of());
    }
}
