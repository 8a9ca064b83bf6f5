package io.countersign.resilience;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Limits the number of concurrent requests. More would only wait for each other, and for connections that jobs need
 * too. A few may wait for their turn; all others are refused immediately and should retry later.
 *
 * <p>No caller gets all places. Until the caller is known, a request counts for its address and for all callers without
 * credentials together; then it counts for its caller. Requests over a share wait without blocking others.
 *
 * <p>Not a library's bulkhead, because those have one limit each: a request waiting for one while holding another would
 * block others.
 */
@Component
class Admission {

    private final ResilienceProperties properties;
    private final Share longAnswers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Share, Integer> taken = new HashMap<>();
    private final List<Waiting> queue = new ArrayList<>();
    private int free;

    Admission(ResilienceProperties properties) {
        this.properties = properties;
        this.free = properties.maxConcurrentRequests();
        this.longAnswers = new Share("long answers", Math.max(1, free / 4));
    }

    /**
     * A share that a request counts towards.
     *
     * @param name identifies the share
     * @param places its maximum of concurrent requests
     */
    record Share(String name, int places) {}

    /** A request's permission to be processed. */
    static final class Place {

        private List<Share> shares;

        private Place(List<Share> shares) {
            this.shares = shares;
        }
    }

    private static final class Waiting {

        private final List<Share> shares;
        private final Condition turn;
        private boolean admitted;

        private Waiting(List<Share> shares, Condition turn) {
            this.shares = shares;
            this.turn = turn;
        }
    }

    /**
     * @param address the client's
     * @param showsCredentials whether the request has a session or credentials, valid or not
     * @return the shares of a request whose caller is not known yet
     */
    List<Share> stranger(String address, boolean showsCredentials) {
        Share ofAddress = new Share("address " + address, properties.maxConcurrentRequestsPerAddress());
        Share ofAnonymous = new Share("anonymous", properties.maxConcurrentAnonymousRequests());
        return showsCredentials ? List.of(ofAddress) : List.of(ofAddress, ofAnonymous);
    }

    /** @return the share of a person or program that is signed in */
    List<Share> caller(String name) {
        return List.of(new Share("caller " + name, properties.maxConcurrentRequestsPerCaller()));
    }

    /**
     * Waits for a place, up to {@code patience}.
     *
     * @return the place, to be returned by {@link #leave}; empty if there is none
     */
    Optional<Place> enter(List<Share> shares) {
        lock.lock();
        try {
            return acquire(shares) ? Optional.of(new Place(shares)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a request for other shares than before. If these are used up, its place is given back while it waits.
     *
     * @return whether the request may go on; if not, it has no place any more
     */
    boolean recount(Place place, List<Share> shares) {
        if (place.shares.equals(shares)) {
            return true;
        }
        lock.lock();
        try {
            release(place.shares);
            place.shares = acquire(shares) ? shares : List.of();
            return !place.shares.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Also counts a request among those with answers too long to be buffered. Slow readers occupy only these places.
     *
     * @return whether there is room for one more, or the request has already returned its place
     */
    boolean answersAtLength(Place place) {
        lock.lock();
        try {
            if (place.shares.isEmpty() || isFull(longAnswers)) {
                return place.shares.isEmpty();
            }
            taken.merge(longAnswers, 1, Integer::sum);
            place.shares =
                    Stream.concat(place.shares.stream(), Stream.of(longAnswers)).toList();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back, if the request still has it. */
    void leave(Place place) {
        lock.lock();
        try {
            release(place.shares);
            place.shares = List.of();
        } finally {
            lock.unlock();
        }
    }

    private boolean acquire(List<Share> shares) {
        if (take(shares)) {
            return true;
        }
        // One share does not fill the queue.
        boolean queueIsFull = queue.size() >= properties.maxWaitingRequests()
                || shares.stream()
                        .anyMatch(share -> queue.stream()
                                        .filter(other -> other.shares.contains(share))
                                        .count()
                                >= Math.max(1, properties.maxWaitingRequests() / 2));
        if (queueIsFull) {
            return false;
        }
        Waiting waiting = new Waiting(shares, lock.newCondition());
        queue.add(waiting);
        try {
            long left = properties.patience().toNanos();
            while (!waiting.admitted && left > 0) {
                left = waiting.turn.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.remove(waiting);
        return waiting.admitted;
    }

    private boolean take(List<Share> shares) {
        if (free == 0 || shares.stream().anyMatch(this::isFull)) {
            return false;
        }
        free--;
        shares.forEach(share -> taken.merge(share, 1, Integer::sum));
        return true;
    }

    private boolean isFull(Share share) {
        return taken.getOrDefault(share, 0) >= share.places();
    }

    private void release(List<Share> shares) {
        if (shares.isEmpty()) {
            return;
        }
        free++;
        shares.forEach(share -> taken.computeIfPresent(share, (any, count) -> count == 1 ? null : count - 1));
        for (Iterator<Waiting> waiting = queue.iterator(); waiting.hasNext(); ) {
            Waiting next = waiting.next();
            if (take(next.shares)) {
                next.admitted = true;
                next.turn.signal();
                waiting.remove();
            }
        }
    }
}
