package io.countersign.console.clusters;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.console.approvals.RequestCard;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The Infrastructure tab of an organization: the Pending Approval banner, which every member sees, and the clusters.
 */
@Controller
class InfrastructurePage {

    private final Clusters clusters;
    private final Approvals approvals;
    private final DecisionRights rights;
    private final Memberships memberships;

    InfrastructurePage(Clusters clusters, Approvals approvals, DecisionRights rights, Memberships memberships) {
        this.clusters = clusters;
        this.approvals = approvals;
        this.rights = rights;
        this.memberships = memberships;
    }

    /**
     * A cluster that awaits a decision.
     *
     * @param cluster the cluster
     * @param card its request as the reader sees it
     */
    public record Awaiting(Cluster cluster, RequestCard card) {}

    @GetMapping("/orgs/{org}/infrastructure")
    String show(
            @PathVariable String org,
            @RequestParam(defaultValue = "") String status,
            @RequestParam(required = false) String cursor,
            Model model) {
        UserId reader = CurrentUser.get();
        Optional<ClusterStatus> only = Arrays.stream(ClusterStatus.values())
                .filter(constant -> constant.name().equals(status))
                .findFirst();
        Page<Cluster> page = clusters.list(reader, org, only, PageRequest.of(null, cursor));
        List<Awaiting> awaiting = clusters
                .list(reader, org, Optional.of(ClusterStatus.APPROVAL_PENDING), PageRequest.of(100, null))
                .items()
                .stream()
                .map(cluster -> new Awaiting(
                        cluster, RequestCard.of(approvals.getVisible(reader, cluster.approvalId()), rights, reader)))
                .toList();
        model.addAttribute("org", org);
        model.addAttribute("scope", Scope.organization(org));
        model.addAttribute("clusters", page);
        model.addAttribute("awaiting", awaiting);
        model.addAttribute("status", only.orElse(null));
        model.addAttribute("statuses", ClusterStatus.values());
        model.addAttribute(
                "mayCreate",
                memberships
                        .find(reader, Scope.organization(org))
                        .filter(member -> member.permissions().contains(Permission.CLUSTER_CREATE))
                        .isPresent());
        return "clusters/infrastructure";
    }
}
