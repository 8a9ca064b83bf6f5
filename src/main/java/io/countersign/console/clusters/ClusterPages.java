package io.countersign.console.clusters;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterEvent;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.console.approvals.DiagramView;
import io.countersign.console.approvals.RequestCard;
import io.countersign.console.approvals.StageView;
import io.countersign.console.approvals.Tries;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
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

/** Requesting, showing, changing and deleting clusters. */
@Controller
@RequestMapping("/orgs/{org}")
class ClusterPages {

    private static final String FORM = "form";

    private final Clusters clusters;
    private final Approvals approvals;
    private final Memberships memberships;
    private final ProcessDiagrams diagrams;
    private final Tries tries;

    ClusterPages(
            Clusters clusters, Approvals approvals, Memberships memberships, ProcessDiagrams diagrams, Tries tries) {
        this.clusters = clusters;
        this.approvals = approvals;
        this.memberships = memberships;
        this.diagrams = diagrams;
        this.tries = tries;
    }

    /**
     * What the reader can do to a cluster now: what both the lifecycle and their permissions let them.
     *
     * @param update whether they may change it
     * @param delete whether they may delete it
     * @param retry whether they may retry what failed
     */
    public record Actions(boolean update, boolean delete, boolean retry) {}

    @GetMapping("/new-cluster")
    String form(@PathVariable String org, Model model) {
        memberships.require(CurrentUser.get(), Scope.organization(org), Permission.CLUSTER_CREATE);
        return requestForm(org, ClusterForm.empty(), model);
    }

    @PostMapping(path = "/new-cluster", params = "add_group")
    String addGroup(@PathVariable String org, @ModelAttribute(FORM) ClusterForm form, Model model) {
        form.addGroup();
        return requestForm(org, form, model);
    }

    @PostMapping(path = "/new-cluster", params = "remove_group")
    String removeGroup(
            @PathVariable String org,
            @ModelAttribute(FORM) ClusterForm form,
            @RequestParam("remove_group") int index,
            Model model) {
        form.removeGroup(index);
        return requestForm(org, form, model);
    }

    @PostMapping(
            path = "/new-cluster",
            params = {"!add_group", "!remove_group"})
    String request(
            @PathVariable String org,
            @ModelAttribute(FORM) ClusterForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            UserId actor = CurrentUser.get();
            String name = form.getName().strip();
            ClusterSpec spec = form.spec();
            clusters.requireFree(actor, org, name, spec);
            Cluster cluster = clusters.request(actor, org, name, spec);
            Flash.success(
                    redirect,
                    cluster.status() == ClusterStatus.APPROVAL_PENDING
                            ? "Your request for " + cluster.name() + " waits for an owner's approval."
                            : "Provisioning of " + cluster.name() + " has started.");
            return "redirect:/orgs/" + org + "/clusters/" + cluster.name();
        } catch (InvalidInput | Conflict problem) {
            return again(problem, model, response, requestForm(org, form, model));
        }
    }

    @GetMapping("/clusters/{name}")
    String show(@PathVariable String org, @PathVariable String name, Model model) {
        UserId reader = CurrentUser.get();
        return page(reader, clusters.get(reader, org, name), model);
    }

    /** Answers 204 while nothing changed since the page was made, so that a page can ask again and again. */
    @GetMapping("/clusters/{name}/live")
    String live(
            @PathVariable String org,
            @PathVariable String name,
            @RequestParam String seen,
            Model model,
            HttpServletResponse response) {
        UserId reader = CurrentUser.get();
        Cluster cluster = clusters.get(reader, org, name);
        if (version(cluster, approvals.getVisible(reader, cluster.approvalId())).equals(seen)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return null;
        }
        return page(reader, cluster, model);
    }

    @GetMapping(path = "/clusters/{name}/process", produces = "application/json")
    ResponseEntity<List<DiagramView>> process(@PathVariable String org, @PathVariable String name) {
        Cluster cluster = clusters.get(CurrentUser.get(), org, name);
        return ResponseEntity.ok(diagrams.of(cluster.processInstanceId()).stream()
                .map(DiagramView::of)
                .toList());
    }

    @GetMapping("/clusters/{name}/edit")
    String edit(@PathVariable String org, @PathVariable String name, Model model) {
        UserId reader = CurrentUser.get();
        Cluster cluster = clusters.get(reader, org, name);
        memberships.require(reader, Scope.organization(org), Permission.CLUSTER_UPDATE);
        return editForm(org, cluster, ClusterForm.of(cluster), model);
    }

    @PostMapping(path = "/clusters/{name}/edit", params = "add_group")
    String addGroup(
            @PathVariable String org, @PathVariable String name, @ModelAttribute(FORM) ClusterForm form, Model model) {
        form.addGroup();
        return editForm(org, clusters.get(CurrentUser.get(), org, name), form, model);
    }

    @PostMapping(path = "/clusters/{name}/edit", params = "remove_group")
    String removeGroup(
            @PathVariable String org,
            @PathVariable String name,
            @ModelAttribute(FORM) ClusterForm form,
            @RequestParam("remove_group") int index,
            Model model) {
        form.removeGroup(index);
        return editForm(org, clusters.get(CurrentUser.get(), org, name), form, model);
    }

    @PostMapping(
            path = "/clusters/{name}/edit",
            params = {"!add_group", "!remove_group"})
    String update(
            @PathVariable String org,
            @PathVariable String name,
            @ModelAttribute(FORM) ClusterForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId actor = CurrentUser.get();
        try {
            Cluster cluster = clusters.update(actor, org, name, form.spec());
            Flash.success(
                    redirect,
                    cluster.status() == ClusterStatus.APPROVAL_PENDING
                            ? "Your change of " + cluster.name() + " waits for an owner's approval."
                            : cluster.name() + " is being updated.");
            return "redirect:/orgs/" + org + "/clusters/" + name;
        } catch (InvalidInput | Conflict problem) {
            return again(problem, model, response, editForm(org, clusters.get(actor, org, name), form, model));
        }
    }

    @GetMapping("/clusters/{name}/delete")
    String confirmDelete(@PathVariable String org, @PathVariable String name, Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("cluster", clusters.get(reader, org, name));
        model.addAttribute("org", org);
        memberships.require(reader, Scope.organization(org), Permission.CLUSTER_DELETE);
        model.addAttribute("waits", clusters.needsApproval(reader, org, ClusterEvent.DELETE));
        return "clusters/delete";
    }

    @PostMapping("/clusters/{name}/delete")
    String delete(
            @PathVariable String org,
            @PathVariable String name,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId actor = CurrentUser.get();
        try {
            Flash.success(
                    redirect,
                    switch (clusters.delete(actor, org, name).status()) {
                        case APPROVAL_PENDING -> "The deletion of " + name + " waits for an owner's approval.";
                        case DELETED -> "The request for " + name + " is cancelled. Nothing was provisioned.";
                        default -> name + " is being deleted.";
                    });
            return "redirect:/orgs/" + org + "/clusters/" + name;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(actor, org, name, problem, model, response);
        }
    }

    @PostMapping("/clusters/{name}/retry")
    String retry(
            @PathVariable String org,
            @PathVariable String name,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId actor = CurrentUser.get();
        try {
            clusters.retry(actor, org, name);
            Flash.success(redirect, "Provisioning of " + name + " is tried again.");
            return "redirect:/orgs/" + org + "/clusters/" + name;
        } catch (NotFound problem) {
            throw problem;
        } catch (Problem problem) {
            return refused(actor, org, name, problem, model, response);
        }
    }

    private String requestForm(String org, ClusterForm form, Model model) {
        model.addAttribute(FORM, form);
        model.addAttribute("org", org);
        model.addAttribute("cluster", null);
        model.addAttribute("waits", clusters.needsApproval(CurrentUser.get(), org, ClusterEvent.RELEASE));
        return "clusters/form";
    }

    private String editForm(String org, Cluster cluster, ClusterForm form, Model model) {
        model.addAttribute(FORM, form);
        model.addAttribute("org", org);
        model.addAttribute("cluster", cluster);
        model.addAttribute("waits", clusters.needsApproval(CurrentUser.get(), org, ClusterEvent.UPDATE));
        return "clusters/form";
    }

    private static String again(Problem problem, Model model, HttpServletResponse response, String view) {
        response.setStatus(Problems.status(problem).value());
        FormErrors errors = FormErrors.of(problem);
        errors.addTo(model);
        Flash.problem(
                model,
                errors.count() > 0
                        ? "Nothing was changed. Correct the marked fields and send the form again."
                        : problem.getMessage());
        return view;
    }

    private String refused(
            UserId actor, String org, String name, Problem problem, Model model, HttpServletResponse response) {
        response.setStatus(Problems.status(problem).value());
        Flash.problem(model, problem.getMessage());
        return page(actor, clusters.get(actor, org, name), model);
    }

    private String page(UserId reader, Cluster cluster, Model model) {
        Approval approval = approvals.getVisible(reader, cluster.approvalId());
        model.addAttribute("org", cluster.organization());
        model.addAttribute("cluster", cluster);
        model.addAttribute("approval", approval);
        model.addAttribute("card", RequestCard.of(approval, approvals, reader));
        model.addAttribute("stages", StageView.of(approval, approvals));
        model.addAttribute("version", version(cluster, approval));
        model.addAttribute("diagrams", diagrams.of(cluster.processInstanceId()));
        model.addAttribute("may", actions(reader, cluster));
        return "clusters/cluster";
    }

    private Actions actions(UserId reader, Cluster cluster) {
        Set<ClusterEvent> possible = clusters.possible(reader, cluster);
        return new Actions(
                possible.contains(ClusterEvent.UPDATE) || possible.contains(ClusterEvent.CORRECT),
                possible.contains(ClusterEvent.DELETE),
                possible.stream().anyMatch(event -> event.permission().equals(Optional.of(Permission.CLUSTER_RETRY))));
    }

    private String version(Cluster cluster, Approval approval) {
        return cluster.status() + "." + cluster.updatedAt().toEpochMilli() + "."
                + approval.stages().stream()
                        .mapToInt(stage -> stage.decisions().size())
                        .sum()
                + "." + Tries.mark(tries.of(cluster));
    }
}
