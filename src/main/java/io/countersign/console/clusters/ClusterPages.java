package io.countersign.console.clusters;

import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterEvent;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.console.approvals.DiagramView;
import io.countersign.console.approvals.RequestFrame;
import io.countersign.console.approvals.Tries;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
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

/** Requesting, showing, changing and deleting clusters. */
@Controller
@RequestMapping("/orgs/{org}")
class ClusterPages {

    private static final String FORM = "form";

    private final Clusters clusters;
    private final Approvals approvals;
    private final Memberships memberships;
    private final RequestFrame request;
    private final Tries tries;

    ClusterPages(Clusters clusters, Approvals approvals, Memberships memberships, RequestFrame request, Tries tries) {
        this.clusters = clusters;
        this.approvals = approvals;
        this.memberships = memberships;
        this.request = request;
        this.tries = tries;
    }

    /**
     * What the reader can do with a cluster now: what both its lifecycle and their permissions allow.
     *
     * @param update whether they may change it
     * @param delete whether they may delete it
     * @param retry whether they may retry what failed
     */
    public record Actions(boolean update, boolean delete, boolean retry) {}

    @GetMapping("/new-cluster")
    String form(@PathVariable String org, Model model) {
        return requestForm(org, ClusterForm.EMPTY, model);
    }

    @PostMapping(path = "/new-cluster", params = "change")
    String change(
            @PathVariable String org,
            @ModelAttribute(FORM) ClusterForm form,
            @RequestParam String change,
            Model model) {
        return requestForm(org, form.changed(change), model);
    }

    @PostMapping(path = "/new-cluster", params = "!change")
    String request(@PathVariable String org, @ModelAttribute(FORM) ClusterForm form, Submission submission) {
        return submission.fill(
                () -> {
                    UserId actor = CurrentUser.get();
                    String name = FormText.text(form.name()).strip();
                    ClusterSpec spec = form.spec();
                    clusters.requireFree(actor, org, name, spec);
                    Cluster cluster = clusters.request(actor, org, name, spec);
                    return submission.done(
                            path(org, name),
                            cluster.status() == ClusterStatus.APPROVAL_PENDING
                                    ? "Your request for " + name + " waits for an owner's approval."
                                    : "Provisioning of " + name + " has started.");
                },
                model -> requestForm(org, form, model));
    }

    @GetMapping("/clusters/{name}")
    String show(@PathVariable String org, @PathVariable String name, Model model) {
        UserId reader = CurrentUser.get();
        return page(reader, clusters.get(reader, org, name), model);
    }

    /** Answers 204 if nothing has changed since the page was rendered, so that the page can poll. */
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
    @ResponseBody
    List<DiagramView> process(@PathVariable String org, @PathVariable String name) {
        Cluster cluster = clusters.get(CurrentUser.get(), org, name);
        return request.diagrams(Optional.of(cluster.processInstanceId()));
    }

    @GetMapping("/clusters/{name}/edit")
    String edit(@PathVariable String org, @PathVariable String name, Model model) {
        return editForm(org, name, ClusterForm.of(clusters.get(CurrentUser.get(), org, name)), model);
    }

    @PostMapping(path = "/clusters/{name}/edit", params = "change")
    String change(
            @PathVariable String org,
            @PathVariable String name,
            @ModelAttribute(FORM) ClusterForm form,
            @RequestParam String change,
            Model model) {
        return editForm(org, name, form.changed(change), model);
    }

    @PostMapping(path = "/clusters/{name}/edit", params = "!change")
    String update(
            @PathVariable String org,
            @PathVariable String name,
            @ModelAttribute(FORM) ClusterForm form,
            Submission submission) {
        return submission.fill(
                () -> submission.done(
                        path(org, name),
                        clusters.update(CurrentUser.get(), org, name, form.spec())
                                                .status()
                                        == ClusterStatus.APPROVAL_PENDING
                                ? "Your change of " + name + " waits for an owner's approval."
                                : name + " is being updated."),
                model -> editForm(org, name, form, model));
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
    String delete(@PathVariable String org, @PathVariable String name, Submission submission) {
        return submission.act(
                () -> submission.done(
                        path(org, name),
                        switch (clusters.delete(CurrentUser.get(), org, name).status()) {
                            case APPROVAL_PENDING -> "The deletion of " + name + " waits for an owner's approval.";
                            case DELETED -> "The request for " + name + " is cancelled. Nothing was provisioned.";
                            default -> name + " is being deleted.";
                        }),
                model -> show(org, name, model));
    }

    @PostMapping("/clusters/{name}/retry")
    String retry(@PathVariable String org, @PathVariable String name, Submission submission) {
        return submission.act(
                () -> {
                    clusters.retry(CurrentUser.get(), org, name);
                    return submission.done(path(org, name), "Provisioning of " + name + " is tried again.");
                },
                model -> show(org, name, model));
    }

    private String requestForm(String org, ClusterForm form, Model model) {
        memberships.require(CurrentUser.get(), Scope.organization(org), Permission.CLUSTER_CREATE);
        return form(org, null, ClusterEvent.RELEASE, form, model);
    }

    private String editForm(String org, String name, ClusterForm form, Model model) {
        Cluster cluster = clusters.get(CurrentUser.get(), org, name);
        memberships.require(CurrentUser.get(), Scope.organization(org), Permission.CLUSTER_UPDATE);
        return form(org, cluster, ClusterEvent.UPDATE, form, model);
    }

    private String form(String org, Cluster cluster, ClusterEvent event, ClusterForm form, Model model) {
        model.addAttribute(FORM, form);
        model.addAttribute("org", org);
        model.addAttribute("cluster", cluster);
        model.addAttribute("waits", clusters.needsApproval(CurrentUser.get(), org, event));
        return "clusters/form";
    }

    private String page(UserId reader, Cluster cluster, Model model) {
        Approval approval = approvals.getVisible(reader, cluster.approvalId());
        request.open(approval, Optional.of(cluster.processInstanceId()), model);
        model.addAttribute("org", cluster.organization());
        model.addAttribute("cluster", cluster);
        model.addAttribute("version", version(cluster, approval));
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
        return RequestFrame.version(
                cluster.status().name(), cluster.updatedAt(), approval, Tries.mark(tries.of(cluster.id())));
    }

    private static String path(String org, String name) {
        return "/orgs/" + org + "/clusters/" + name;
    }
}
