package io.countersign.gateway;

import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.EntityType;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.approval.preview.ObjectChange.Refused;
import io.countersign.approval.preview.PreviewSource;
import io.countersign.approval.requests.Approvals;
import io.countersign.gateway.Attachment.Content;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.target.Comparison;
import io.countersign.target.Comparisons;
import io.countersign.target.Comparisons.Question;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Renders what a deployment would apply once a request about a route, or about one of its clients, is approved. Like a
 * deployment, it includes every attachment and detachment that is already approved and did not lapse.
 */
@Component
class GatewayPreview implements PreviewSource {

    /** A placeholder for keys, which previews never show. */
    private static final String UNSEEN = "unseen";

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final ClientStore clients;
    private final ClientKeys keys;
    private final Approvals approvals;
    private final Manifests manifests;
    private final Comparisons comparisons;
    private final Clock clock;
    private final TransactionTemplate transaction;

    GatewayPreview(
            RouteStore routes,
            AttachmentStore attachments,
            ClientStore clients,
            ClientKeys keys,
            Approvals approvals,
            Manifests manifests,
            Comparisons comparisons,
            Clock clock,
            TransactionTemplate transaction) {
        this.routes = routes;
        this.attachments = attachments;
        this.clients = clients;
        this.keys = keys;
        this.approvals = approvals;
        this.manifests = manifests;
        this.comparisons = comparisons;
        this.clock = clock;
        this.transaction = transaction;
    }

    @Override
    public boolean carriesOut(EntityType type) {
        return type.equals(RouteRequests.TYPE) || type.equals(AttachmentRequests.TYPE);
    }

    @Override
    public List<ObjectChange> preview(Approval approval) {
        List<Question> questions = transaction.execute(status -> id(approval)
                .map(id -> approval.isAbout(RouteRequests.TYPE) ? ofRoute(approval, id) : ofAttachment(approval))
                .orElse(List.of()));
        return comparisons.of(questions).stream()
                .filter(comparison -> !comparison.isEmpty())
                .map(GatewayPreview::change)
                .toList();
    }

    private List<Question> ofRoute(Approval approval, UUID id) {
        Optional<Route> found = routes.find(id);
        if (found.isEmpty()) {
            return List.of();
        }
        Route route = found.get();
        Request request = new Request(Action.of(approval.action()), approval.content(), approval.id());
        if (request.action() == Action.DELETE) {
            return manifests.refs(route).stream().map(Question::remove).toList();
        }
        Route asked = releasing(route, request);
        RouteSpec spec = request.spec();
        List<Question> questions = new ArrayList<>();
        questions.add(manifests.namespaceQuestion(route.project()));
        questions.add(Question.apply(manifests.httpRoute(asked, spec), asked.adopting()));
        questions.addAll(access(asked, spec, attached(route.id(), Optional.empty())));
        questions.add(manifests
                .trafficPolicy(asked, spec)
                .map(policy -> Question.apply(policy, asked.adopting()))
                .orElseGet(() -> Question.remove(manifests.trafficPolicyRef(asked))));
        return questions;
    }

    /** A request about a client changes the admitted clients of the route, as it is or as requested. */
    private List<Question> ofAttachment(Approval approval) {
        Content content = CanonicalJson.read(approval.content(), Content.class);
        return routes.find(content.routeId())
                .filter(route -> !route.gone())
                .map(route -> {
                    Route released = route.released().isPresent()
                            ? route
                            : releasing(route, route.request().orElseThrow());
                    List<Question> questions = new ArrayList<>();
                    questions.add(manifests.namespaceQuestion(route.project()));
                    questions.addAll(access(released, released.spec(), attached(route.id(), Optional.of(approval))));
                    return questions;
                })
                .orElse(List.of());
    }

    private List<Question> access(Route route, RouteSpec spec, List<ApiClient> attached) {
        List<Question> questions = new ArrayList<>();
        attached.stream()
                .filter(client -> keys.waits(client.id()))
                .map(client -> Question.apply(manifests.keySecret(client, UNSEEN), false))
                .forEach(questions::add);
        questions.add(manifests
                .securityPolicy(route, spec, attached)
                .map(policy -> Question.apply(policy, route.adopting()))
                .orElseGet(() -> Question.remove(manifests.securityPolicyRef(route))));
        return questions;
    }

    /** @return the clients admitted after the next deployment, if a request about one of them is approved */
    private List<ApiClient> attached(UUID route, Optional<Approval> request) {
        return attachments.liveOfRoute(route).stream()
                .filter(attachment -> request.filter(approval ->
                                approval.entityId().equals(attachment.id().toString()))
                        .map(approval -> !approval.action().equals(Attachment.DETACH))
                        .orElseGet(() -> switch (attachment.status()) {
                            case ACTIVE, PENDING_DETACH -> true;
                            case APPROVED ->
                                attachment.action().equals(Attachment.ATTACH)
                                        == approvals
                                                .get(attachment.request().approval())
                                                .allows(clock.instant());
                            case PENDING_ATTACH, REJECTED, REMOVED -> false;
                        }))
                .flatMap(attachment -> clients.find(attachment.client()).stream()
                        .map(client -> client.from(networks(attachment, request))))
                .toList();
    }

    /**
     * @return the networks from which a client is admitted then: those requested, else those approved and waiting, else
     *     those in force
     */
    private List<String> networks(Attachment attachment, Optional<Approval> request) {
        return request.filter(
                        approval -> approval.entityId().equals(attachment.id().toString()))
                .or(() -> attachment
                        .update()
                        .map(update -> approvals.get(update.approval()))
                        .filter(approval -> approval.allows(clock.instant())))
                .filter(approval -> approval.action().equals(Attachment.UPDATE))
                .map(approval ->
                        CanonicalJson.read(approval.content(), Content.class).networks())
                .orElse(attachment.ipAddresses());
    }

    private static Route releasing(Route route, Request request) {
        return new Route(
                route.id(),
                route.project(),
                route.domain(),
                route.name(),
                route.status(),
                route.statusBefore(),
                route.statusReason(),
                route.request(),
                Optional.of(request),
                request.spec().adopt(),
                route.deployed(),
                route.deploymentDone(),
                route.process(),
                route.gone(),
                route.createdBy(),
                route.createdAt(),
                route.updatedAt());
    }

    static Optional<UUID> id(Approval approval) {
        try {
            return Optional.of(UUID.fromString(approval.entityId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ObjectChange change(Comparison comparison) {
        ObjectChange change = ObjectChange.of(
                comparison.object().apiVersion(),
                comparison.object().kind(),
                comparison.object().namespace().orElse(null),
                comparison.object().name(),
                comparison.live().orElse(null),
                comparison.planned().orElse(null),
                comparison.unknown().orElse(null));
        return comparison
                .refused()
                .map(refusal -> change.refusedBecause(new Refused(refusal.code().wireName(), refusal.reason())))
                .or(() -> comparison.takenFrom().map(change::takenFrom))
                .orElse(change);
    }
}
