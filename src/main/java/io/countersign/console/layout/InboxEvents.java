package io.countersign.console.layout;

import io.countersign.audit.AuditTrail;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * Tells open pages how much waits for their reader, as server-sent events.
 *
 * <p>Every inbox change leaves an entry in the audit trail, on whichever node it happens. Each node with readers
 * therefore checks the trail every few seconds for new entries, which is one index lookup, and queries the inbox only
 * for readers who may be affected. It checks again a little later, for stages that a job opens after the entry, and
 * occasionally without any entry. A node without readers runs no queries.
 */
@Controller
class InboxEvents implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(InboxEvents.class);

    /** The browser then reconnects, and its sign-in is checked again. */
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Duration HEARTBEAT = Duration.ofSeconds(20);
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final Duration AT_LEAST = Duration.ofMinutes(1);
    private static final long RECONNECT_MILLIS = 3000;
    private static final int MAX_PER_PERSON = 8;

    private final Inbox inbox;
    private final AuditTrail trail;
    private final Memberships memberships;
    private final ConsoleProperties properties;
    private final Clock clock;
    private final Map<UserId, Reader> readers = new ConcurrentHashMap<>();

    private ScheduledExecutorService clockwork;
    private ExecutorService sender;
    private long seen = -1;

    InboxEvents(Inbox inbox, AuditTrail trail, Memberships memberships, ConsoleProperties properties, Clock clock) {
        this.inbox = inbox;
        this.trail = trail;
        this.memberships = memberships;
        this.properties = properties;
        this.clock = clock;
    }

    /** A person with open pages. */
    private static final class Reader {

        private final Set<SseEmitter> pages = new CopyOnWriteArraySet<>();
        private Set<String> scopes = Set.of();
        private Inbox.Glance told = Inbox.Glance.EMPTY;
        private Instant lookAgainAt = Instant.MAX;
        private Instant lookedAt = Instant.MIN;
        private Instant heardAt = Instant.MIN;
    }

    /**
     * The event sent to a page.
     *
     * @param count how many requests wait, at most 100
     * @param text the count as shown
     * @param version distinguishes this state of the inbox from any other
     */
    public record News(int count, String text, String version) {}

    /** If too many pages are open, answers 204, which stops a browser from reconnecting. */
    @GetMapping(path = "/inbox/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> events() throws IOException {
        UserId person = CurrentUser.get();
        if (!isRunning() || openPages() >= properties.maxOpenPages() || openPages(person) >= MAX_PER_PERSON) {
            return ResponseEntity.noContent().build();
        }
        SseEventBuilder first = event(inbox.glance(person)).reconnectTime(RECONNECT_MILLIS);
        SseEmitter page = new SseEmitter(LIFETIME.toMillis());
        page.onTimeout(page::complete);
        page.onCompletion(() -> remove(person, page));
        readers.compute(person, (id, present) -> {
            Reader reader = present == null ? new Reader() : present;
            reader.pages.add(page);
            return reader;
        });
        // Sent with the headers, while only this thread has the response.
        page.send(first);
        if (!isRunning()) {
            page.complete();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no")
                .body(page);
    }

    private void remove(UserId person, SseEmitter page) {
        readers.computeIfPresent(person, (id, reader) -> {
            reader.pages.remove(page);
            return reader.pages.isEmpty() ? null : reader;
        });
    }

    /** One check for new entries. */
    private void tick() {
        try {
            if (readers.isEmpty()) {
                seen = -1;
                return;
            }
            AuditTrail.News news = trail.since(seen);
            boolean first = seen < 0;
            seen = news.newest();
            Instant now = clock.instant();
            readers.forEach((person, reader) -> look(person, reader, first ? Set.of() : news.scopes(), now));
        } catch (RuntimeException e) {
            // The database may be down: the next check may succeed.
            if (isRunning()) {
                log.warn("event=inbox_events_late reason={}", e.toString());
            }
        }
    }

    private void look(UserId person, Reader reader, Collection<String> changed, Instant now) {
        boolean concerned = changed.stream().anyMatch(reader.scopes::contains);
        boolean due = !now.isBefore(reader.lookAgainAt) || reader.lookedAt.isBefore(now.minus(AT_LEAST));
        if (concerned) {
            reader.lookAgainAt = now.plus(SETTLING);
        } else if (!now.isBefore(reader.lookAgainAt)) {
            reader.lookAgainAt = Instant.MAX;
        }
        if (concerned || due) {
            reader.lookedAt = now;
            reader.scopes = scopes(person);
            Inbox.Glance glance = inbox.glance(person);
            if (!glance.equals(reader.told)) {
                reader.told = glance;
                reader.heardAt = now;
                send(person, event(glance));
            }
        }
        if (reader.heardAt.isBefore(now.minus(HEARTBEAT))) {
            reader.heardAt = now;
            send(person, SseEmitter.event().comment("still here"));
        }
    }

    private Set<String> scopes(UserId person) {
        return memberships.of(person).stream()
                .map(membership -> membership.scope().toString())
                .collect(Collectors.toSet());
    }

    /** Sends an event to all open pages of a person. */
    void send(UserId person, SseEventBuilder event) {
        Set<DataWithMediaType> parts = event.build();
        Reader reader = readers.get(person);
        if (reader != null) {
            reader.pages.forEach(page -> later(() -> page.send(parts)));
        }
    }

    /** An action on an open page. */
    private interface Step {
        void take() throws IOException;
    }

    /** A page that does not read must not delay the others. */
    private void later(Step step) {
        sender.execute(() -> {
            try {
                step.take();
            } catch (IOException | IllegalStateException e) {
                // The container ends the request of a closed page.
                log.debug("event=page_closed reason={}", e.toString());
            }
        });
    }

    private static SseEventBuilder event(Inbox.Glance glance) {
        return SseEmitter.event().name("inbox").data(new News(glance.count(), glance.text(), glance.version()));
    }

    private int openPages() {
        return readers.values().stream().mapToInt(reader -> reader.pages.size()).sum();
    }

    private int openPages(UserId person) {
        Reader reader = readers.get(person);
        return reader == null ? 0 : reader.pages.size();
    }

    @Override
    public synchronized void start() {
        sender = Executors.newCachedThreadPool(InboxEvents::thread);
        clockwork = Executors.newSingleThreadScheduledExecutor(InboxEvents::thread);
        long millis = properties.inboxInterval().toMillis();
        clockwork.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Ends every open page's stream, so that shutdown does not wait for them. */
    @Override
    public synchronized void stop() {
        if (clockwork != null) {
            clockwork.shutdownNow();
            readers.values().stream()
                    .flatMap(reader -> reader.pages.stream())
                    .toList()
                    .forEach(page -> later(page::complete));
            sender.shutdown();
            clockwork = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return clockwork != null;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "inbox-events");
        thread.setDaemon(true);
        return thread;
    }
}
