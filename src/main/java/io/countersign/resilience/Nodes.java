package io.countersign.resilience;

import io.countersign.api.problem.Outages;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The instances that share the database. Each reports with every heartbeat that it is running, over a separate
 * connection, and so learns within a heartbeat whether the database answers. An instance that was silent for too long
 * is removed by another one, which takes over what it had locked. Not a lock library such as ShedLock, because those
 * know which task is taken, but not which instance is alive, is stopping, or may have its engine jobs taken over.
 */
@Component
@DependsOnDatabaseInitialization
public class Nodes implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Nodes.class);

    /** The timeout of a heartbeat. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** After so many missing heartbeats an instance counts as silent: one or two are lost to a busy machine. */
    private static final int MISSING = 5;

    private final String self = UUID.randomUUID().toString();
    private final String host = host();
    private final String version = version();
    private final UnpooledConnections database;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final ResilienceProperties properties;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread heart = new Thread(this::live, "node-heartbeat");

    private Connection connection;
    private Instant nextLook;
    private volatile Optional<Instant> lastAway = Optional.empty();
    private volatile boolean reachable;
    private volatile boolean draining;

    Nodes(
            UnpooledConnections database,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            Clock clock,
            ResilienceProperties properties)
            throws SQLException {
        this.database = database;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
        this.clock = clock;
        this.properties = properties;
        database.awaitConnection().close();
        beat();
        reachable = true;
        nextLook = clock.instant().plus(properties.deadAfter());
        heart.setDaemon(true);
        heart.start();
        log.info("event=node_started node={} host={}", self, host);
    }

    /** @return the id of this instance, new with every start */
    public String self() {
        return self;
    }

    /** @return whether an instance is running, or stopped so recently that no other has taken over yet */
    public boolean runs(String node) {
        return jdbc.sql("select count(*) from nodes where id = ?")
                        .param(node)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** @return all instances that are not struck off yet, the oldest first */
    public List<Node> all() {
        return jdbc.sql("""
                        select id, host, version, draining, started_at, seen_at,
                            greatest(0, extract(epoch from clock_timestamp() - seen_at) * 1000)::bigint as silence
                        from nodes order by started_at, id""")
                .query((row, n) -> {
                    Instant seenAt = row.getTimestamp("seen_at").toInstant();
                    Duration silence = Duration.ofMillis(row.getLong("silence"));
                    return new Node(
                            row.getString("id"),
                            row.getString("host"),
                            row.getString("version"),
                            row.getTimestamp("started_at").toInstant(),
                            seenAt,
                            silence,
                            state(silence, row.getBoolean("draining")),
                            seenAt.plus(properties.deadAfter()),
                            row.getString("id").equals(self));
                })
                .list();
    }

    private Node.State state(Duration silence, boolean draining) {
        if (silence.compareTo(properties.heartbeat().multipliedBy(MISSING)) > 0) {
            return Node.State.SILENT;
        }
        return draining ? Node.State.DRAINING : Node.State.RUNNING;
    }

    /** @return whether the database answered the last heartbeat */
    public boolean databaseAnswers() {
        return reachable;
    }

    /** @return whether the database is away, or was away within the last seconds; asks it now unless that is known */
    boolean databaseIsOrWasJustAway() {
        check();
        return !reachable
                || lastAway.map(at -> at.plus(PATIENCE).isAfter(clock.instant()))
                        .orElse(false);
    }

    /** Asks the database now, to notice an outage or its end immediately. */
    synchronized void check() {
        if (leaving.getCount() == 0) {
            return;
        }
        try {
            beat();
            if (!reachable) {
                reachable = true;
                // All were silent during the outage. The survivors get time to report.
                nextLook = clock.instant().plus(properties.deadAfter());
                log.info("event=database_available");
                events.publishEvent(new DatabaseBack(lastAway.orElseThrow()));
            }
        } catch (SQLException e) {
            lastAway = Optional.of(clock.instant());
            if (reachable) {
                reachable = false;
                log.warn("event=database_unavailable reason={}", e.getMessage());
            }
        }
    }

    /** Announces with the next heartbeat that this instance is about to stop. */
    void drain() {
        draining = true;
    }

    /** Hands over this instance's work and signs off. No heartbeat follows. */
    void leave() {
        leaving.countDown();
        heart.interrupt();
        synchronized (this) {
            if (reachable) {
                strikeOff(self, Duration.ZERO);
            }
        }
    }

    @Override
    public void destroy() {
        leaving.countDown();
        heart.interrupt();
        synchronized (this) {
            disconnect();
        }
    }

    private void live() {
        try {
            while (!leaving.await(properties.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    check();
                    if (reachable && clock.instant().isAfter(nextLook)) {
                        lookAfterOthers();
                        nextLook = clock.instant().plus(properties.deadAfter().dividedBy(4));
                    }
                } catch (RuntimeException e) {
                    log.warn("event=heartbeat_failed reason={}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAfterOthers() {
        List<String> silent = jdbc.sql("select id from nodes where id <> ? and seen_at < now() - ? * interval '1 ms'")
                .params(self, properties.deadAfter().toMillis())
                .query(String.class)
                .list();
        silent.forEach(node -> strikeOff(node, properties.deadAfter()));
    }

    private void strikeOff(String node, Duration silence) {
        transaction.executeWithoutResult(status -> {
            int gone = jdbc.sql("delete from nodes where id = ? and seen_at <= now() - ? * interval '1 ms'")
                    .params(node, silence.toMillis())
                    .update();
            if (gone == 1) {
                log.info("event=node_removed node={}", node);
                events.publishEvent(new NodeGone(node));
            }
        });
    }

    /** One heartbeat. A connection that broke is replaced once before the database counts as away. */
    private synchronized void beat() throws SQLException {
        if (connection != null) {
            try {
                write();
                return;
            } catch (SQLException e) {
                disconnect();
            }
        }
        try {
            connection = database.connect(PATIENCE);
            try (Statement statement = connection.createStatement()) {
                // A heartbeat that is lost with the server is repeated anyway.
                statement.execute("set synchronous_commit = off");
            }
            write();
        } catch (SQLException e) {
            disconnect();
            if (Outages.isDatabaseAway(e)) {
                throw e;
            }
            // It answered, if only that it has no connection left: it is not away.
            log.warn("event=heartbeat_refused reason={}", e.getMessage());
        }
    }

    private void write() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into nodes (id, host, version, draining) values (?, ?, ?, ?)
                on conflict (id) do update set seen_at = now(), draining = excluded.draining""")) {
            statement.setString(1, self);
            statement.setString(2, host);
            statement.setString(3, version);
            statement.setBoolean(4, draining);
            statement.executeUpdate();
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("event=connection_not_closed reason={}", e.getMessage());
            }
            connection = null;
        }
    }

    private static String version() {
        String version = Nodes.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
