package io.countersign.console.gateway;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.requests.Approvals;
import io.countersign.console.approvals.DiagramView;
import io.countersign.console.approvals.RequestFrame;
import io.countersign.console.layout.Submission;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Clients;
import io.countersign.gateway.Routes;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** Which client may call which route, and the requests to change that. */
@Controller
@RequestMapping("/projects/{project}/attachments")
class AttachmentPages {

    private final ProjectFrame frame;
    private final Attachments attachments;
    private final Routes routes;
    private final Clients clients;
    private final Approvals approvals;
    private final RequestFrame request;

    AttachmentPages(
            ProjectFrame frame,
            Attachments attachments,
            Routes routes,
            Clients clients,
            Approvals approvals,
            RequestFrame request) {
        this.frame = frame;
        this.attachments = attachments;
        this.routes = routes;
        this.clients = clients;
        this.approvals = approvals;
        this.request = request;
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
        return "gateway/attachments";
    }

    @GetMapping("/new")
    String form(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String route,
            @RequestParam(defaultValue = "") String client,
            Model model) {
        UserId user = CurrentUser.get();
        frame.require(project, Permission.CLIENT_ATTACH, model);
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

    @PostMapping("/new")
    String attach(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String route,
            @RequestParam(defaultValue = "") String client,
            Submission submission) {
        return submission.fill(
                () -> submission.done(
                        path(
                                project,
                                attachments
                                        .attach(CurrentUser.get(), project, route, client)
                                        .id()),
                        "Your request to attach the client waits for approval."),
                model -> form(project, route, client, model));
    }

    @GetMapping("/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        ProjectFrame.Reader reader = frame.open(project, model);
        Attachments.Named named = attachments.get(CurrentUser.get(), project, id);
        Attachment attachment = named.attachment();
        request.open(approvals.get(attachment.request().approval()), attachment.process(), model);
        model.addAttribute("named", named);
        model.addAttribute("attachment", attachment);
        model.addAttribute(
                "mayDetach",
                attachment.status() == AttachmentStatus.ACTIVE
                        && attachment.update().isEmpty()
                        && reader.may("client.detach"));
        return "gateway/attachment";
    }

    @GetMapping(path = "/{id}/process", produces = "application/json")
    @ResponseBody
    List<DiagramView> process(@PathVariable String project, @PathVariable String id) {
        return request.diagrams(
                attachments.get(CurrentUser.get(), project, id).attachment().process());
    }

    @PostMapping("/{id}/detach")
    String detach(@PathVariable String project, @PathVariable String id, Submission submission) {
        return submission.act(
                () -> submission.done(
                        path(
                                project,
                                attachments
                                        .detach(CurrentUser.get(), project, id)
                                        .id()),
                        "Your request to detach the client waits for approval."),
                model -> show(project, id, model));
    }

    private static String path(String project, Object attachment) {
        return "/projects/" + project + "/attachments/" + attachment;
    }
}
