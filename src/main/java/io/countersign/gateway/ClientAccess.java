package io.countersign.gateway;

import io.countersign.gateway.Route.Action;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.Target;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Applies to the target which clients may call a route, and from where. */
@Component
class ClientAccess {

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final ClientStore clients;
    private final ClientKeys keys;
    private final RouteGuards guards;
    private final Manifests manifests;
    private final Target target;

    ClientAccess(
            RouteStore routes,
            AttachmentStore attachments,
            ClientStore clients,
            ClientKeys keys,
            RouteGuards guards,
            Manifests manifests,
            Target target) {
        this.routes = routes;
        this.attachments = attachments;
        this.clients = clients;
        this.keys = keys;
        this.guards = guards;
        this.manifests = manifests;
        this.target = target;
    }

    /** Applies a client's addresses to every route deployed with it, or removes its key if it is gone. */
    @Transactional(propagation = Propagation.MANDATORY)
    void apply(UUID clientId) {
        Optional<ApiClient> present = clients.find(clientId);
        if (present.isEmpty()) {
            target.delete(manifests.keySecretRef(clients.findEver(clientId).orElseThrow()));
            return;
        }
        List<UUID> affected = attachments.lockLiveOfClient(clientId).stream()
                .filter(Attachment::deployed)
                .map(Attachment::route)
                .sorted()
                .toList();
        for (UUID id : affected) {
            Route route = routes.lock(id);
            boolean deleting = route.status() == RouteStatus.PENDING_DEPLOY
                    && route.released()
                            .filter(released -> released.action() == Action.DELETE)
                            .isPresent();
            if (!deleting && route.released().isPresent()) {
                apply(route, route.released().get().spec(), guards.attachedClients(route), false);
            }
        }
    }

    /** @return what to ask the target before the keys of attached clients are written */
    List<Question> claims(List<ApiClient> attached) {
        return attached.stream()
                .filter(client -> keys.waits(client.id()))
                .map(client -> Question.claim(manifests.keySecretRef(client), false))
                .toList();
    }

    /** Writes the keys and networks of the clients attached to a route. */
    void apply(Route route, RouteSpec spec, List<ApiClient> attached, boolean adopt) {
        attached.forEach(
                client -> keys.take(client.id()).ifPresent(key -> target.apply(manifests.keySecret(client, key))));
        manifests
                .securityPolicy(route, spec, attached)
                .ifPresentOrElse(
                        policy -> target.apply(policy, adopt), () -> target.delete(manifests.securityPolicyRef(route)));
    }
}
