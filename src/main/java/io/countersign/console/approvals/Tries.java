package io.countersign.console.approvals;

import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.CarryingOutTries;
import io.countersign.change.FailedTries;
import io.countersign.cluster.Cluster;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.Route;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantTries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What pages say of tries that failed, by the ids of what they are about. Templates call it {@code @tries}. */
@Component("tries")
public class Tries {

    private final FailedTries tries;
    private final CarryingOutTries ofApprovals;
    private final TenantTries ofTenants;

    Tries(FailedTries tries, CarryingOutTries ofApprovals, TenantTries ofTenants) {
        this.tries = tries;
        this.ofApprovals = ofApprovals;
        this.ofTenants = ofTenants;
    }

    public Map<UUID, FailedTry> ofClusters(List<Cluster> clusters) {
        return tries.of(clusters.stream().map(Cluster::id).toList());
    }

    public Map<UUID, FailedTry> ofRoutes(List<Route> routes) {
        return tries.of(routes.stream().map(Route::id).toList());
    }

    public Map<UUID, FailedTry> ofAttachments(List<Attachments.Named> attachments) {
        Map<UUID, UUID> routes = new HashMap<>();
        attachments.stream()
                .map(Attachments.Named::attachment)
                .forEach(attachment ->
                        attachment.carriedOutWith().ifPresent(route -> routes.put(attachment.id(), route)));
        Map<UUID, FailedTry> ofRoutes = tries.of(routes.values());
        Map<UUID, FailedTry> failed = new HashMap<>();
        routes.forEach((attachment, route) ->
                Optional.ofNullable(ofRoutes.get(route)).ifPresent(tried -> failed.put(attachment, tried)));
        return failed;
    }

    public Map<RegistrationId, FailedTry> ofTenants(List<Tenant> tenants) {
        return ofTenants.of(tenants);
    }

    public Map<ApprovalId, FailedTry> ofRequests(List<RequestCard> cards) {
        return ofApprovals.of(cards.stream().map(RequestCard::approval).toList());
    }

    public FailedTry of(Cluster cluster) {
        return tries.of(cluster.id()).orElse(null);
    }

    public FailedTry of(Route route) {
        return tries.of(route.id()).orElse(null);
    }

    public FailedTry of(Attachment attachment) {
        return attachment.carriedOutWith().flatMap(tries::of).orElse(null);
    }

    public FailedTry of(Tenant tenant) {
        return ofTenants.of(List.of(tenant)).get(tenant.id());
    }

    /** @return what tells one try from another, for pages that ask whether anything changed */
    public static String mark(FailedTry tried) {
        return tried == null ? "" : tried.attempt() + (tried.nextAttemptAt().isPresent() ? "" : "last");
    }

    public FailedTry of(Approval approval) {
        return ofApprovals.of(approval).orElse(null);
    }
}
