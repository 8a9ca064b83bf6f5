package io.countersign.gateway;

import io.countersign.api.http.Networks;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.secret.RandomToken;
import io.countersign.api.validation.Validation;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Names;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.project.Projects;
import io.countersign.target.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * API consumers, managed by the team that owns them. Addresses and keys are a client's credentials: changing them needs
 * no approval, but attaching the client does.
 *
 * <p>The gateway compares keys in clear text, so the target needs each key in a Secret. The first deployment that lets
 * a client through writes it; until then the key is stored encrypted and the target has nothing of the client. After
 * that only its hash is stored: a lost key or Secret cannot be recovered and needs a new key.
 */
@Component
@Transactional
public class Clients {

    private static final Logger log = LoggerFactory.getLogger(Clients.class);
    private static final String ENTITY = "client";
    private static final int MAX_ADDRESSES = 100;

    private final ClientStore store;
    private final AttachmentStore attachmentStore;
    private final Attachments attachments;
    private final ProjectAccess access;
    private final Projects projects;
    private final Approvals approvals;
    private final GatewayProcesses processes;
    private final Manifests manifests;
    private final ClientKeys keys;
    private final Target target;
    private final AuditTrail audit;
    private final Clock clock;

    Clients(
            ClientStore store,
            AttachmentStore attachmentStore,
            Attachments attachments,
            ProjectAccess access,
            Projects projects,
            Approvals approvals,
            GatewayProcesses processes,
            Manifests manifests,
            ClientKeys keys,
            Target target,
            AuditTrail audit,
            Clock clock) {
        this.store = store;
        this.attachmentStore = attachmentStore;
        this.attachments = attachments;
        this.access = access;
        this.projects = projects;
        this.approvals = approvals;
        this.processes = processes;
        this.manifests = manifests;
        this.keys = keys;
        this.target = target;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * A client with its newly issued key.
     *
     * @param client the client
     * @param apiKey its key, which this class does not retain
     */
    public record Issued(ApiClient client, String apiKey) {

        @Override
        public String toString() {
            return "Issued[client=" + client + ", apiKey=(hidden)]";
        }
    }

    /**
     * The result of a deletion.
     *
     * @param gone whether the client is already gone
     * @param detachments the requests that the deletion waits for
     */
    public record Deletion(boolean gone, List<ApprovalId> detachments) {}

    /**
     * @param reader someone who may view clients
     * @return the project's clients, newest first
     * @throws NotFound if the reader may not see the project
     */
    @Transactional(readOnly = true)
    public Page<ApiClient> list(UserId reader, String project, PageRequest page) {
        access.requireView(reader, project, Permission.CLIENT_VIEW);
        return store.list(project, page);
    }

    /**
     * @return the client
     * @throws NotFound if there is none with that id that the reader may see
     */
    @Transactional(readOnly = true)
    public ApiClient get(UserId reader, String project, String id) {
        access.requireView(reader, project, Permission.CLIENT_VIEW);
        return find(project, id);
    }

    /**
     * @param person anyone
     * @param client a client that they may see
     * @return those of their permissions that they may use on this client
     */
    @Transactional(readOnly = true)
    public Set<Permission> possible(UserId person, ApiClient client) {
        Set<Permission> held = access.find(person, client.project())
                .filter(member -> looksAfter(member, client))
                .map(Membership::permissions)
                .orElse(Set.of());
        return Stream.of(
                        Permission.CLIENT_MANAGE_IP,
                        Permission.CLIENT_MANAGE_APIKEY,
                        Permission.CLIENT_EDIT,
                        Permission.CLIENT_DELETE)
                .filter(held::contains)
                .filter(permission -> permission != Permission.CLIENT_DELETE || held.contains(Permission.CLIENT_DETACH))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Adds a client and issues its first key.
     *
     * @param actor someone who may create clients
     * @param team a team of the project; null for the actor's own
     * @param ipAddresses addresses and networks from which it may call; null or empty for any
     * @return the client and its key, which is shown only once
     * @throws Forbidden unless the actor may create clients
     * @throws InvalidInput naming every invalid field
     * @throws Conflict with {@code client_exists} if the name is taken
     */
    public Issued create(UserId actor, String project, String name, String team, List<String> ipAddresses) {
        Membership member = access.require(actor, project, Permission.CLIENT_CREATE);
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(name), "name", Names.DNS_LABEL_RULE);
        TeamId owner = team == null ? member.team().orElseThrow() : checkTeam(validation, project, team);
        List<String> networks = checkNetworks(validation, ipAddresses == null ? List.of() : ipAddresses);
        validation.done();
        Instant now = clock.instant();
        ApiClient client = new ApiClient(UUID.randomUUID(), project, name, owner, networks, now, false, actor, now);
        String key = newKey();
        if (!store.insert(client, CanonicalJson.hash(key))) {
            throw new Conflict(ErrorCode.CLIENT_EXISTS, "There is a client \"" + name + "\" already.");
        }
        Map<String, Object> described = Map.of("team", owner, "ip_addresses", networks);
        record(AuditAction.CREATE, client, described, Difference.created(described));
        keys.keep(client.id(), key);
        return new Issued(store.find(client.id()).orElseThrow(), key);
    }

    /**
     * Issues a new key; the present one becomes invalid. The target gets the new key now if it has the present one and
     * deployed routes that let the client through.
     *
     * @param actor someone of the client's team who may manage keys, or an owner or admin
     * @return the client and its key, which is shown only once
     * @throws Forbidden unless the actor may manage this client's keys
     * @throws Conflict with {@code target_unavailable} if the target cannot take the key; the present one then stays
     */
    public Issued rotateKey(UserId actor, String project, String id) {
        ApiClient client = lockOwn(actor, project, id, Permission.CLIENT_MANAGE_APIKEY);
        String key = newKey();
        store.setKey(client.id(), CanonicalJson.hash(key), clock.instant());
        record(AuditAction.ROTATE_KEY, client, Map.of(), Difference.NONE);
        // Locked, so that no deployment delivers the present key in the meantime.
        boolean deployed =
                attachmentStore.lockLiveOfClient(client.id()).stream().anyMatch(Attachment::deployed);
        if (deployed && !keys.waits(client.id())) {
            handOver(client, key);
        } else {
            keys.keep(client.id(), key);
        }
        return new Issued(store.find(client.id()).orElseThrow(), key);
    }

    /**
     * The result of setting a client's addresses.
     *
     * @param client the client
     * @param waiting the requests about attachments that need approval; empty if all addresses are already in force
     */
    public record AddressChange(ApiClient client, List<ApprovalId> waiting) {}

    /**
     * Sets the addresses from which a client may call. Networks within those approved for an attachment take effect
     * immediately; an engine job updates deployed routes. Others become requests about the attachments: until they are
     * approved and deployed, the previously approved networks stay in force. Requests for networks that are no longer
     * wanted are withdrawn.
     *
     * @param actor someone of the client's team who may manage addresses, or an owner or admin
     * @throws Forbidden unless the actor may manage this client's addresses
     * @throws InvalidInput naming every address that breaks its rule
     * @throws Conflict with {@code request_pending} if an attachment needs approval for them and has another open
     *     request
     */
    public AddressChange setAddresses(UserId actor, String project, String id, List<String> ipAddresses) {
        access.require(actor, project, Permission.CLIENT_MANAGE_IP);
        holdRequests(find(project, id));
        ApiClient client = lockOwn(actor, project, id, Permission.CLIENT_MANAGE_IP);
        Validation validation = new Validation();
        validation.check(ipAddresses != null, "ip_addresses", "must be an array, empty for any address");
        List<String> networks = checkNetworks(validation, ipAddresses == null ? List.of() : ipAddresses);
        validation.done();
        for (Attachment attachment : attachmentStore.lockLiveOfClient(client.id())) {
            attachment
                    .update()
                    .filter(update -> !networksOf(update).equals(networks))
                    .ifPresent(update ->
                            approvals.withdraw(update.approval(), "The client's addresses were changed since."));
        }
        List<ApprovalId> waiting = new ArrayList<>();
        boolean narrowed = false;
        for (Attachment attachment : attachmentStore.lockLiveOfClient(client.id())) {
            if (Attachment.within(networks, attachment.ipAddresses())) {
                narrowed |= attachment.deployed() && !networks.equals(attachment.ipAddresses());
                attachmentStore.save(attachment.narrowed(networks, clock.instant()));
            } else if (attachment.update().isPresent()) {
                waiting.add(attachment.update().get().approval());
            } else if (attachment.detach().isEmpty()) {
                waiting.add(
                        attachments.widen(actor, attachment, networks).request().approval());
            }
        }
        if (waiting.isEmpty() && !networks.equals(client.ipAddresses())) {
            store.update(client.id(), client.team(), networks);
            recordAddresses(client, networks);
        }
        if (narrowed) {
            processes.startAccessChange(client.id(), client.name());
        }
        return new AddressChange(store.find(client.id()).orElseThrow(), waiting);
    }

    /** Records the networks of a client once a deployed route lets it through from them. */
    void widened(UUID id, List<String> networks) {
        store.find(id).filter(client -> !client.ipAddresses().equals(networks)).ifPresent(client -> {
            store.update(id, client.team(), networks);
            recordAddresses(client, networks);
        });
    }

    private void recordAddresses(ApiClient client, List<String> networks) {
        record(
                AuditAction.UPDATE,
                client,
                Map.of("ip_addresses", networks),
                new Difference(Map.of("ip_addresses", client.ipAddresses()), Map.of("ip_addresses", networks)));
    }

    private static List<String> networksOf(Attachment.Request request) {
        return CanonicalJson.read(request.content(), Attachment.Content.class).networks();
    }

    /** Locks the requests about a client before it and its attachments, the lock order of decisions. */
    private void holdRequests(ApiClient client) {
        attachmentStore.liveOfClient(client.id()).stream()
                .map(attachment -> attachment.request().approval())
                .sorted(Comparator.comparing(ApprovalId::toString))
                .forEach(approvals::hold);
    }

    /**
     * Transfers a client to another team.
     *
     * @param actor someone of the client's team who may edit clients, or an owner or admin
     * @throws Forbidden unless the actor may edit this client
     * @throws InvalidInput if the project has no such team
     */
    public ApiClient setTeam(UserId actor, String project, String id, String team) {
        ApiClient client = lockOwn(actor, project, id, Permission.CLIENT_EDIT);
        Validation validation = new Validation();
        TeamId owner = checkTeam(validation, project, team);
        validation.done();
        store.update(client.id(), owner, client.ipAddresses());
        record(
                AuditAction.UPDATE,
                client,
                Map.of("team", owner),
                new Difference(Map.of("team", client.team()), Map.of("team", owner)));
        return store.find(client.id()).orElseThrow();
    }

    /**
     * Deletes a client: immediately if it has no attachments, otherwise once every detachment is approved and deployed.
     * Requests to attach it are withdrawn.
     *
     * @param actor someone of the client's team who may delete and detach clients, or an owner or admin
     * @throws Forbidden unless the actor may delete and detach this client
     * @throws Conflict with {@code wrong_state} while a deployment that attaches it is under way
     */
    public Deletion delete(UserId actor, String project, String id) {
        access.require(actor, project, Permission.CLIENT_DELETE);
        access.require(actor, project, Permission.CLIENT_DETACH);
        holdRequests(find(project, id));
        ApiClient client = lockOwn(actor, project, id, Permission.CLIENT_DELETE);
        store.setDeleting(client.id(), true);
        attachmentStore.lockLiveOfClient(client.id()).stream()
                .flatMap(attachment -> attachment.update().stream())
                .forEach(update -> approvals.withdraw(update.approval(), "The client is deleted."));
        List<ApprovalId> waiting = new ArrayList<>();
        for (Attachment attachment : attachmentStore.lockLiveOfClient(client.id())) {
            switch (attachment.status()) {
                case ACTIVE ->
                    waiting.add(attachments.detach(actor, attachment).request().approval());
                case PENDING_ATTACH -> approvals.withdraw(attachment.request().approval(), "The client is deleted.");
                case APPROVED -> {
                    if (attachment.detach().isPresent()) {
                        waiting.add(attachment.request().approval());
                    } else if (attachment.released()) {
                        throw new Conflict(ErrorCode.WRONG_STATE, "A route is being deployed with this client.");
                    } else {
                        approvals.withdraw(attachment.request().approval(), "The client is deleted.");
                    }
                }
                case PENDING_DETACH -> waiting.add(attachment.request().approval());
                case REJECTED, REMOVED -> throw new IllegalStateException("Not live: " + attachment.id());
            }
        }
        record(
                AuditAction.DELETE,
                client,
                Map.of("detachments", waiting),
                Difference.deleted(Map.of("team", client.team(), "ip_addresses", client.ipAddresses())));
        if (waiting.isEmpty()) {
            remove(client);
        }
        return new Deletion(waiting.isEmpty(), waiting);
    }

    /** Removes a client that waits for its deletion, if it has no attachments left. */
    void removeIfDetached(UUID id) {
        store.find(id)
                .filter(ApiClient::deleting)
                .filter(client -> attachmentStore.lockLiveOfClient(client.id()).isEmpty())
                .ifPresent(this::remove);
    }

    private void remove(ApiClient client) {
        store.setGone(client.id());
        keys.forget(client.id());
        if (attachmentStore.everOfClient(client.id())) {
            processes.startAccessChange(client.id(), client.name());
        }
        log.info("event=client_removed project={} client={}", client.project(), client.id());
    }

    private void handOver(ApiClient client, String key) {
        try {
            target.apply(manifests.keySecret(client, key));
        } catch (RuntimeException e) {
            log.warn("event=key_refused_by_target project={} client={}", client.project(), client.id(), e);
            throw new Conflict(
                    ErrorCode.TARGET_UNAVAILABLE,
                    "The key could not be handed to the gateway, so none was issued: " + e.getMessage());
        }
    }

    private ApiClient lockOwn(UserId actor, String project, String id, Permission permission) {
        Membership member = access.require(actor, project, permission);
        ApiClient client = store.lock(find(project, id).id());
        if (!looksAfter(member, client)) {
            throw new Forbidden(ErrorCode.WRONG_TEAM, "This client belongs to the team " + client.team() + ".");
        }
        return client;
    }

    private static boolean looksAfter(Membership member, ApiClient client) {
        return member.administers() || member.team().equals(Optional.of(client.team()));
    }

    private ApiClient find(String project, String id) {
        try {
            return store.find(UUID.fromString(id))
                    .filter(client -> client.project().equals(project))
                    .orElseThrow(() -> new NotFound(ENTITY, id));
        } catch (IllegalArgumentException e) {
            throw new NotFound(ENTITY, id);
        }
    }

    private TeamId checkTeam(Validation validation, String project, String team) {
        validation.check(
                projects.teams(project).stream().anyMatch(known -> known.id().equals(team)),
                "team",
                "must be a team of the project");
        return new TeamId(team);
    }

    private static List<String> checkNetworks(Validation validation, List<String> texts) {
        validation.check(
                texts.size() <= MAX_ADDRESSES, "ip_addresses", "must have at most " + MAX_ADDRESSES + " entries");
        List<String> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<String> network = Networks.parse(texts.get(i));
            if (validation.check(network.isPresent(), "ip_addresses[" + i + "]", Networks.RULE)
                    && !networks.contains(network.get())) {
                networks.add(network.get());
            }
        }
        return networks;
    }

    private static String newKey() {
        return "csk_" + RandomToken.next();
    }

    private void record(AuditAction action, ApiClient client, Map<String, ?> details, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        ENTITY,
                        client.id().toString(),
                        client.name(),
                        Scope.project(client.project()).toString()),
                details,
                difference);
    }
}
