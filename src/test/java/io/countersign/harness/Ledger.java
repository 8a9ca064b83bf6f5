package io.countersign.harness;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the server accepted, as its clients remember it. */
final class Ledger {

    /** What somebody asked for. */
    enum Kind {
        CLUSTER,
        ROUTE
    }

    /** A decision that was answered with success. */
    record Decision(int stage, String person, boolean approved) {}

    /** A request that was answered with success, and what became of it. */
    static final class Request {

        final Kind kind;
        final String name;
        final String id;
        final String approval;
        final String submitter;
        final List<Decision> decisions = new CopyOnWriteArrayList<>();

        Request(Kind kind, String name, String id, String approval, String submitter) {
            this.kind = kind;
            this.name = name;
            this.id = id;
            this.approval = approval;
            this.submitter = submitter;
        }

        boolean rejected() {
            return decisions.stream().anyMatch(decision -> !decision.approved());
        }

        /** @return its object at the target */
        String object() {
            return switch (kind) {
                case CLUSTER -> "clusters/" + World.ORGANIZATION + "/" + name;
                case ROUTE -> "httproutes/" + World.PROJECT + "/" + World.DOMAIN + "." + name;
            };
        }
    }

    private final Map<String, Request> requests = new ConcurrentHashMap<>();

    void accepted(Request request) {
        if (requests.putIfAbsent(request.approval, request) != null) {
            throw new AssertionError("Two requests with one approval: " + request.name);
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
}
