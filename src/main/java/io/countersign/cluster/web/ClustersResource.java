package io.countersign.cluster.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.FailedTry;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.change.FailedTries;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.cluster.Clusters;
import io.countersign.cluster.NodeGroup;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/orgs/{org}/clusters")
@Tag(name = "Clusters")
class ClustersResource {

    private static final String STATUSES =
            String.join(", ", Stream.of(ClusterStatus.values()).map(Enum::name).toList());

    private final Clusters clusters;
    private final FailedTries tries;
    private final Idempotency idempotency;

    ClustersResource(Clusters clusters, FailedTries tries, Idempotency idempotency) {
        this.clusters = clusters;
        this.tries = tries;
        this.idempotency = idempotency;
    }

    /** A request for a new cluster or for a change, where omitted fields keep their values. */
    record ClusterBody(
            String name,
            String provider,
            String region,
            String kubernetesVersion,
            List<NodeGroupBody> nodeGroups,
            Boolean adopt) {

        ClusterSpec spec() {
            ClusterSpec spec = new ClusterSpec(
                    provider,
                    region,
                    kubernetesVersion,
                    nodeGroups == null
                            ? null
                            : nodeGroups.stream()
                                    .map(NodeGroupBody::toNodeGroup)
                                    .toList());
            return Boolean.TRUE.equals(adopt) ? spec.adopting() : spec;
        }
    }

    record NodeGroupBody(
            String name, Integer minNodes, Integer maxNodes, List<String> machineTypes, Map<String, String> labels) {

        /** Maps a missing group or number to one that fails validation. */
        static NodeGroup toNodeGroup(NodeGroupBody body) {
            return body == null
                    ? new NodeGroup(null, -1, -1, null, null)
                    : new NodeGroup(
                            body.name,
                            Objects.requireNonNullElse(body.minNodes, -1),
                            Objects.requireNonNullElse(body.maxNodes, -1),
                            body.machineTypes,
                            body.labels);
        }
    }

    /** A cluster as clients see it. */
    record ClusterView(
            String id,
            String organization,
            String name,
            String provider,
            String region,
            String kubernetesVersion,
            List<NodeGroup> nodeGroups,
            ClusterStatus status,
            String statusReason,
            String requestedBy,
            Instant requestedAt,
            Instant updatedAt,
            String approvalId,
            String processInstanceId,
            @JsonUnwrapped FailedTry.Fields failed) {

        static ClusterView of(Cluster cluster, Optional<FailedTry> failed) {
            return new ClusterView(
                    cluster.id().toString(),
                    cluster.organization(),
                    cluster.name(),
                    cluster.spec().provider(),
                    cluster.spec().region(),
                    cluster.spec().kubernetesVersion(),
                    cluster.spec().nodeGroups(),
                    cluster.status(),
                    cluster.statusReason(),
                    cluster.requestedBy().value(),
                    cluster.requestedAt(),
                    cluster.updatedAt(),
                    cluster.approvalId().toString(),
                    cluster.processInstanceId(),
                    FailedTry.fields(failed));
        }
    }

    @GetMapping
    @Operation(summary = "Lists an organization's clusters, newest first; the deleted only if asked for by status")
    Page<ClusterView> list(
            @PathVariable String org,
            @RequestParam(required = false) String status,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        Optional<ClusterStatus> wanted = Optional.ofNullable(status)
                .map(text -> ClusterStatus.find(text)
                        .orElseThrow(() -> new InvalidInput("status", "must be one of " + STATUSES)));
        Page<Cluster> page = clusters.list(CurrentUser.get(), org, wanted, PageRequest.of(limit, cursor));
        Map<UUID, FailedTry> failed =
                tries.of(page.items().stream().map(Cluster::id).toList());
        return page.map(cluster -> ClusterView.of(cluster, Optional.ofNullable(failed.get(cluster.id()))));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Requests a cluster: provisioned at once, or pending approval, as the policy says")
    ClusterView request(
            @PathVariable String org,
            @RequestHeader(name = "Idempotency-Key", required = false) String idempotencyKey,
            @RequestBody ClusterBody body) {
        UserId caller = CurrentUser.get();
        String operation = "POST /orgs/" + org + "/clusters";
        Optional<String> key = Optional.ofNullable(idempotencyKey);
        if (!idempotency.isAnswered(caller.value(), operation, key)) {
            clusters.requireFree(caller, org, body.name(), body.spec());
        }
        return idempotency.once(
                caller.value(),
                operation,
                key,
                body,
                ClusterView.class,
                () -> view(clusters.request(caller, org, body.name(), body.spec())));
    }

    @GetMapping("/{name}")
    @Operation(summary = "Shows a cluster; if there is none of that name any more, the last one that was")
    ClusterView get(@PathVariable String org, @PathVariable String name) {
        return view(clusters.get(CurrentUser.get(), org, name));
    }

    @PatchMapping("/{name}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Changes the Kubernetes version and the node groups of a running cluster",
            description = "Where the organization asks for approval of that, the cluster is APPROVAL_PENDING and stays"
                    + " as it is; approval_id names the request.")
    ClusterView update(@PathVariable String org, @PathVariable String name, @RequestBody ClusterBody body) {
        if (body.name() != null && !body.name().equals(name)) {
            // Only people who may see the cluster learn whether it exists.
            clusters.get(CurrentUser.get(), org, name);
            throw new InvalidInput("name", "cannot be changed");
        }
        if (body.adopt() != null) {
            clusters.get(CurrentUser.get(), org, name);
            throw new InvalidInput("adopt", "is for new clusters only");
        }
        return view(clusters.update(CurrentUser.get(), org, name, body.spec()));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Deletes a cluster that is running or whose provisioning failed",
            description = "Where the organization asks for approval of that, the cluster is APPROVAL_PENDING and stays"
                    + " as it is; approval_id names the request. What nothing is carried out of yet is cancelled.")
    ClusterView delete(@PathVariable String org, @PathVariable String name) {
        return view(clusters.delete(CurrentUser.get(), org, name));
    }

    @PostMapping("/{name}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Retries a failed change; for owners and superadmins")
    ClusterView retry(@PathVariable String org, @PathVariable String name) {
        return view(clusters.retry(CurrentUser.get(), org, name));
    }

    private ClusterView view(Cluster cluster) {
        return ClusterView.of(cluster, tries.of(cluster.id()));
    }
}
