package io.countersign.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the server accepted, as its clients remember it. */
final class Ledger {

    /** What somebody asked for. */
    enum Kind {
        CLUSTER,
        ROUTE,
        CLIENT_ATTACHMENT,
        TENANT;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A decision that was answered with success. */
    record Decision(int stage, String person, boolean approved) {}

    /** A request that was answered with success, and what became of it. */
    static final class Request {

        final Kind kind;
        final String action;
        final String name;
        final String approval;
        final String submitter;
        final List<Decision> decisions = new CopyOnWriteArrayList<>();

        Request(Kind kind, String action, String name, String approval, String submitter) {
            this.kind = kind;
            this.action = action;
            this.name = name;
            this.approval = approval;
            this.submitter = submitter;
        }

        boolean rejected() {
            return decisions.stream().anyMatch(decision -> !decision.approved());
        }

        /** @return whether nobody decided it, though it needs that: an owner's cluster does not */
        boolean pending() {
            return decisions.isEmpty() && !(kind == Kind.CLUSTER && submitter.equals(World.OWNER));
        }

        boolean approved() {
            return !pending() && !rejected();
        }

        boolean decided(int stage) {
            return decisions.stream().anyMatch(decision -> decision.stage() == stage);
        }

        /** @return whether somebody could ever decide a stage */
        boolean opened(int stage) {
            return decided(stage) || pending() && stage == 1;
        }

        String status() {
            return pending() ? "pending" : rejected() ? "rejected" : "approved";
        }

        @Override
        public String toString() {
            return action + " " + kind.wireName() + " " + name;
        }
    }

    /** A client and the Secret that it has at the target. */
    record Client(String id, String name) {

        String object() {
            return "secrets/" + World.PROJECT + "/" + secret();
        }

        String secret() {
            return "client." + name + "." + id.substring(0, 8);
        }
    }

    /** A route whose creation was accepted, as the one person knows it who works at it. */
    static final class Route {

        final String id;
        final String name;
        final boolean guarded;
        private final Set<Client> attached = new LinkedHashSet<>();
        private String backend;
        private int updates;
        private int accessChanges;
        private boolean gone;

        Route(String id, String name, boolean guarded) {
            this.id = id;
            this.name = name;
            this.guarded = guarded;
        }

        /** An approved creation or update was deployed. */
        void deployed(String backend) {
            updates += this.backend == null ? 0 : 1;
            this.backend = backend;
        }

        /** An approved attachment was deployed. */
        void attached(Client client) {
            attached.add(client);
            accessChanges++;
        }

        /** An approved detachment was deployed. */
        void detached(Client client) {
            attached.remove(client);
            accessChanges++;
        }

        /** An approved deletion was carried out. */
        void deleted() {
            gone = true;
            attached.clear();
        }

        /** @return where it sends requests; empty if it is not deployed, or not any more */
        Optional<String> backend() {
            return Optional.ofNullable(backend).filter(service -> !gone);
        }

        /** @return who may call it, if it is guarded */
        Set<Client> attached() {
            return Set.copyOf(attached);
        }

        boolean gone() {
            return gone;
        }

        /** @return how often it was deployed at least, its deletion aside */
        int deployments() {
            return (backend == null ? 0 : 1) + updates + accessChanges;
        }

        String object() {
            return "httproutes/" + World.PROJECT + "/" + World.DOMAIN + "." + name;
        }

        String policy() {
            return "securitypolicies/" + World.PROJECT + "/" + World.DOMAIN + "." + name;
        }

        /** @return what happened to its object at the target */
        KubernetesApi.Effects effects() {
            return backend == null ? KubernetesApi.Effects.NONE : new KubernetesApi.Effects(1, updates, gone ? 1 : 0);
        }

        /** @return what happened to its policy there: each change of the route renews the policy's label, too */
        KubernetesApi.Effects policyEffects() {
            return backend == null || !guarded
                    ? KubernetesApi.Effects.NONE
                    : new KubernetesApi.Effects(1, updates + accessChanges, gone ? 1 : 0);
        }
    }

    /** An attachment whose submission was accepted. */
    static final class Attachment {

        final String id;
        final Client client;
        private String status = "rejected";

        Attachment(String id, Client client) {
            this.id = id;
            this.client = client;
        }

        void is(String status) {
            this.status = status;
        }

        String status() {
            return status;
        }
    }

    /** One registration of a tenant, and the statuses that it went through. */
    static final class Registration {

        final String id;
        private final List<String> statuses = new CopyOnWriteArrayList<>(List.of("pending_approval"));

        Registration(String id) {
            this.id = id;
        }

        void is(String status) {
            statuses.add(status);
        }

        List<String> statuses() {
            return List.copyOf(statuses);
        }

        String status() {
            return statuses.get(statuses.size() - 1);
        }
    }

    /**
     * A tenant with all its registrations. What is on its way may be in force before its answer arrives, so that a
     * reader may see it already.
     */
    static final class Tenant {

        final String tenantId;
        final List<Registration> registrations = new CopyOnWriteArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private int accepted;

        Tenant(String tenantId) {
            this.tenantId = tenantId;
        }

        String name() {
            return "Mill " + tenantId;
        }

        String contact() {
            return tenantId + "@example.net";
        }

        Registration latest() {
            return registrations.get(registrations.size() - 1);
        }

        /** A request that leads to a status is about to be sent. */
        synchronized void sends(String status) {
            sent.add(status);
        }

        /** That request was answered with success. */
        synchronized void accepted() {
            accepted = sent.size();
        }

        /** @return how many of its statuses clients were told of */
        synchronized int known() {
            return accepted;
        }

        /** @return what it may be for whoever asked when so many statuses were known; null for not there yet */
        synchronized Set<String> possible(int known) {
            Set<String> possible = new LinkedHashSet<>(sent.subList(Math.max(0, known - 1), sent.size()));
            if (known == 0) {
                possible.add(null);
            }
            return possible;
        }
    }

    final List<Route> routes = new CopyOnWriteArrayList<>();
    final List<Client> clients = new CopyOnWriteArrayList<>();
    final List<Attachment> attachments = new CopyOnWriteArrayList<>();
    final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

    private final Map<String, Request> requests = new ConcurrentHashMap<>();

    void accepted(Request request) {
        if (requests.putIfAbsent(request.approval, request) != null) {
            throw new AssertionError("Two requests with one approval: " + request);
        }
    }

    Collection<Request> requests() {
        return requests.values();
    }

    List<Request> all(Kind kind) {
        return requests.values().stream()
                .filter(request -> request.kind == kind)
                .toList();
    }

    /** @return how many requests of a kind and action were approved */
    long approved(Kind kind, String action) {
        return all(kind).stream()
                .filter(request -> request.action.equals(action) && request.approved())
                .count();
    }
}
