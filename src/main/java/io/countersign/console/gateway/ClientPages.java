package io.countersign.console.gateway;

import io.countersign.api.paging.PageRequest;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.gateway.ApiClient;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Clients;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * A project's clients. The response to the form itself shows a new key, without a redirect, so the key is stored
 * nowhere, not even in the session.
 */
@Controller
@RequestMapping("/projects/{project}/clients")
class ClientPages {

    private final ProjectFrame frame;
    private final Clients clients;
    private final Attachments attachments;

    ClientPages(ProjectFrame frame, Clients clients, Attachments attachments) {
        this.frame = frame;
        this.clients = clients;
        this.attachments = attachments;
    }

    @GetMapping
    String list(@PathVariable String project, @RequestParam(required = false) String cursor, Model model) {
        frame.open(project, model);
        model.addAttribute("clients", clients.list(CurrentUser.get(), project, PageRequest.of(null, cursor)));
        return "gateway/clients";
    }

    @GetMapping("/new")
    String form(@PathVariable String project, Model model) {
        ProjectFrame.Reader reader = frame.require(project, Permission.CLIENT_CREATE, model);
        model.addAttribute(
                "team",
                reader.membership()
                        .flatMap(member -> member.team())
                        .map(Object::toString)
                        .orElse(""));
        return "gateway/client-form";
    }

    @PostMapping("/new")
    String create(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String team,
            @RequestParam(defaultValue = "") String ipAddresses,
            Model page,
            Submission submission) {
        return submission.fill(
                () -> page(
                        project,
                        clients.create(CurrentUser.get(), project, name.strip(), team, FormText.words(ipAddresses)),
                        page),
                model -> {
                    String view = form(project, model);
                    model.addAttribute("name", name);
                    model.addAttribute("team", team);
                    model.addAttribute("ipAddresses", ipAddresses);
                    return view;
                });
    }

    @GetMapping("/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        return page(project, clients.get(CurrentUser.get(), project, id), model);
    }

    @PostMapping("/{id}/api-keys")
    String rotateKey(@PathVariable String project, @PathVariable String id, Model page, Submission submission) {
        return submission.act(
                () -> page(project, clients.rotateKey(CurrentUser.get(), project, id), page),
                model -> show(project, id, model));
    }

    @PostMapping("/{id}/ip-addresses")
    String setAddresses(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String ipAddresses,
            Submission submission) {
        return submission.act(
                () -> {
                    Clients.AddressChange change =
                            clients.setAddresses(CurrentUser.get(), project, id, FormText.words(ipAddresses));
                    String name = change.client().name();
                    return submission.done(
                            path(project, id),
                            change.waiting().isEmpty()
                                    ? "The addresses of " + name + " are changed."
                                    : "The further addresses of " + name
                                            + " wait for approval. Until then it may call from those it has.");
                },
                model -> {
                    model.addAttribute("ipAddresses", ipAddresses);
                    return show(project, id, model);
                });
    }

    @PostMapping("/{id}/team")
    String setTeam(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String team,
            Submission submission) {
        return submission.act(
                () -> {
                    ApiClient client = clients.setTeam(CurrentUser.get(), project, id, team);
                    return submission.done(
                            path(project, id), client.name() + " belongs to team " + client.team() + " now.");
                },
                model -> show(project, id, model));
    }

    @PostMapping("/{id}/delete")
    String delete(@PathVariable String project, @PathVariable String id, Submission submission) {
        return submission.act(
                () -> clients.delete(CurrentUser.get(), project, id).gone()
                        ? submission.done("/projects/" + project + "/clients", "The client is deleted.")
                        : submission.done(
                                path(project, id),
                                "The client goes once it is detached everywhere; requests to detach it wait for"
                                        + " approval."),
                model -> show(project, id, model));
    }

    /** Shows a client with its new key, this one time. */
    private String page(String project, Clients.Issued issued, Model model) {
        model.addAttribute("apiKey", issued.apiKey());
        return page(project, issued.client(), model);
    }

    private String page(String project, ApiClient client, Model model) {
        UserId user = CurrentUser.get();
        frame.open(project, model);
        Set<Permission> possible = clients.possible(user, client);
        model.addAttribute("client", client);
        model.addAttribute("mayManageIp", possible.contains(Permission.CLIENT_MANAGE_IP));
        model.addAttribute("mayManageKey", possible.contains(Permission.CLIENT_MANAGE_APIKEY));
        model.addAttribute("mayEdit", possible.contains(Permission.CLIENT_EDIT));
        model.addAttribute("mayDelete", possible.contains(Permission.CLIENT_DELETE) && !client.deleting());
        model.addAttribute(
                "attachments",
                attachments
                        .list(
                                user,
                                project,
                                new Attachments.Query(Optional.empty(), Optional.of(client.id()), Optional.empty()),
                                PageRequest.of(100, null))
                        .items());
        return "gateway/client";
    }

    private static String path(String project, String id) {
        return "/projects/" + project + "/clients/" + id;
    }
}
