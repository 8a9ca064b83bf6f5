package io.countersign.console.gateway;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.console.projects.ProjectPages;
import io.countersign.gateway.ApiClient;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Clients;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * Clients of a project. A new key is shown by the answer to the form itself, without a redirect: so it is stored
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
        model.addAttribute("first", cursor == null);
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
            Model model,
            HttpServletResponse response) {
        try {
            Clients.Issued issued = clients.create(CurrentUser.get(), project, name.strip(), team, lines(ipAddresses));
            model.addAttribute("apiKey", issued.apiKey());
            return page(project, issued.client(), model);
        } catch (InvalidInput | Conflict problem) {
            frame.open(project, model);
            model.addAttribute("name", name);
            model.addAttribute("team", team);
            model.addAttribute("ipAddresses", ipAddresses);
            return ProjectPages.again(problem, model, response, "gateway/client-form");
        }
    }

    @GetMapping("/{id}")
    String show(@PathVariable String project, @PathVariable String id, Model model) {
        return page(project, clients.get(CurrentUser.get(), project, id), model);
    }

    @PostMapping("/{id}/api-keys")
    String rotateKey(@PathVariable String project, @PathVariable String id, Model model, HttpServletResponse response) {
        try {
            Clients.Issued issued = clients.rotateKey(CurrentUser.get(), project, id);
            model.addAttribute("apiKey", issued.apiKey());
            return page(project, issued.client(), model);
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(project, id, problem, model, response);
        }
    }

    @PostMapping("/{id}/ip-addresses")
    String setAddresses(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String ipAddresses,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Clients.AddressChange change = clients.setAddresses(CurrentUser.get(), project, id, lines(ipAddresses));
            Flash.success(
                    redirect,
                    change.waiting().isEmpty()
                            ? "The addresses of " + change.client().name() + " are changed."
                            : "The further addresses of " + change.client().name()
                                    + " wait for approval. Until then it may call from those it has.");
            return "redirect:/projects/" + project + "/clients/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            model.addAttribute("ipAddresses", ipAddresses);
            FormErrors.of(problem).addTo(model);
            return refused(project, id, problem, model, response);
        }
    }

    @PostMapping("/{id}/team")
    String setTeam(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String team,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            ApiClient client = clients.setTeam(CurrentUser.get(), project, id, team);
            Flash.success(redirect, client.name() + " belongs to team " + client.team() + " now.");
            return "redirect:/projects/" + project + "/clients/" + id;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(project, id, problem, model, response);
        }
    }

    @PostMapping("/{id}/delete")
    String delete(
            @PathVariable String project,
            @PathVariable String id,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Clients.Deletion deletion = clients.delete(CurrentUser.get(), project, id);
            Flash.success(
                    redirect,
                    deletion.gone()
                            ? "The client is deleted."
                            : "The client goes once it is detached everywhere; requests to detach it wait for"
                                    + " approval.");
            return "redirect:/projects/" + project + (deletion.gone() ? "/clients" : "/clients/" + id);
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

    private static List<String> lines(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
