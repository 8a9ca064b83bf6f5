package io.countersign.gateway;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.NotApproved;
import io.countersign.approval.requests.Approvals;
import io.countersign.gateway.Attachment.Content;
import io.countersign.gateway.Route.Request;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Checks the preconditions of deploying a route: locks the approvals of the route and its attachments and verifies them
 * against the record.
 */
@Component
class RouteGuards {

    private static final Logger log = LoggerFactory.getLogger(RouteGuards.class);

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final ClientStore clients;
    private final Approvals approvals;

    RouteGuards(RouteStore routes, AttachmentStore attachments, ClientStore clients, Approvals approvals) {
        this.routes = routes;
        this.attachments = attachments;
        this.clients = clients;
        this.approvals = approvals;
    }

    /**
     * Locks the approvals of everything that a route's deployment carries out, in the order of their ids, and then the
     * route. Decisions and cancellations use the same lock order.
     *
     * @throws OptimisticLockingFailureException if another request was made about it in the meantime
     */
    Route hold(Route seen) {
        Stream.concat(
                        Stream.of(seen.approval()),
                        attachments.liveOfRoute(seen.id()).stream()
                                .flatMap(attachment -> Stream.of(
                                        attachment.request().approval(),
                                        attachment.attach().approval())))
                .distinct()
                .sorted(Comparator.comparing(ApprovalId::toString))
                .forEach(approvals::hold);
        Route route = routes.lock(seen.id());
        if (!route.approval().equals(seen.approval())) {
            throw new OptimisticLockingFailureException("Route " + seen.id() + " was changed meanwhile");
        }
        return route;
    }

    /** @return the route and its approvals, locked; see {@link #hold(Route)} */
    Route hold(UUID id) {
        return hold(routes.find(id).orElseThrow(() -> new NotFound(RouteRequests.TYPE.wireName(), id.toString())));
    }

    /**
     * Verifies that a request matches what was approved.
     *
     * @param guard checks the approval against the content that it must cover
     * @throws Conflict with {@code not_approved} if anything differs
     */
    void verify(Route route, Request request, BiConsumer<ApprovalId, Object> guard) {
        Approval approval = approvals.hold(request.approval());
        verify(
                approval,
                approval.isAbout(RouteRequests.TYPE)
                        && approval.entityId().equals(route.id().toString())
                        && approval.action().equals(request.action().wireName()),
                request.content(),
                guard);
        RouteSpec spec = request.spec();
        if (!spec.name().equals(route.name()) || !spec.domain().equals(route.domain())) {
            throw notApproved("approval " + approval.id() + " is about another route");
        }
    }

    /** Like {@link #verify(Route, Request, BiConsumer)}, for an attachment. */
    void verify(Attachment attachment, Attachment.Request request, BiConsumer<ApprovalId, Object> guard) {
        Approval approval = approvals.hold(request.approval());
        Content content = CanonicalJson.read(request.content(), Content.class);
        verify(
                approval,
                approval.isAbout(AttachmentRequests.TYPE)
                        && approval.entityId().equals(attachment.id().toString())
                        && actions(attachment, request).contains(approval.action())
                        && content.routeId().equals(attachment.route())
                        && content.clientId().equals(attachment.client()),
                request.content(),
                guard);
        if (request.equals(attachment.grant()) && !Attachment.within(attachment.ipAddresses(), content.networks())) {
            throw notApproved("the client's networks go beyond what approval " + approval.id() + " was given for");
        }
    }

    /**
     * The allowed actions of an attachment's request: the request that grants access is the one to attach or a later
     * update.
     */
    private static Set<String> actions(Attachment attachment, Attachment.Request request) {
        return request.equals(attachment.attach())
                ? Set.of(Attachment.ATTACH, Attachment.UPDATE)
                : Set.of(attachment.action());
    }

    private void verify(Approval approval, boolean aboutThis, String content, BiConsumer<ApprovalId, Object> guard) {
        if (!aboutThis) {
            throw notApproved("approval " + approval.id() + " is about something else");
        }
        try {
            guard.accept(approval.id(), CanonicalJson.read(content));
        } catch (NotApproved e) {
            log.warn("event=deployment_refused approval={} reason={}", approval.id(), e.getMessage());
            throw new Conflict(ErrorCode.NOT_APPROVED, e.getMessage());
        }
    }

    private static Conflict notApproved(String reason) {
        log.warn("event=deployment_refused reason={}", reason);
        return new Conflict(ErrorCode.NOT_APPROVED, "Not carried out: " + reason + ".");
    }

    /** @return the clients that a route is deployed with, each under a verified approval */
    List<ApiClient> attachedClients(Route route) {
        return attachments.lockLiveOfRoute(route.id()).stream()
                .filter(Attachment::deployed)
                .map(attachment -> {
                    verify(attachment, attachment.grant(), approvals::carryOut);
                    return clients.find(attachment.client()).orElseThrow().from(attachment.ipAddresses());
                })
                .toList();
    }
}
