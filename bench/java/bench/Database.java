package bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server for the benchmarks: durable, and counting every statement that it executes. */
final class Database implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final ProcessHandle postmaster;
    private final Map<Long, Long> processorMillis = new HashMap<>();

    private Database(EmbeddedPostgres server, ProcessHandle postmaster) {
        this.server = server;
        this.postmaster = postmaster;
    }

    /** Starts the server on a directory that keeps its data from run to run. */
    static Database start(Path directory) throws IOException {
        Files.createDirectories(directory);
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("pg_stat_statements.max", "10000")
                .start();
        long process = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0).trim());
        return new Database(server, ProcessHandle.of(process).orElseThrow());
    }

    /** @return the address of a database, as JDBC knows it, without user */
    String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    /** Makes a database anew, empty. */
    void create(String database) throws SQLException {
        execute("postgres", "drop database if exists " + database + " with (force)");
        execute("postgres", "create database " + database);
        execute("postgres", "create extension if not exists pg_stat_statements");
    }

    /** @return whether there is a database of that name */
    boolean exists(String database) throws SQLException {
        return number("postgres", "select count(*) from pg_database where datname = '" + database + "'") == 1;
    }

    /** Makes a database that holds what another holds now. Nobody may be connected to that one. */
    void copy(String from, String to) throws SQLException {
        execute("postgres", "drop database if exists " + to + " with (force)");
        execute("postgres", "create database " + to + " template " + from);
    }

    /** @return a connection as the superuser */
    Connection connect(String database) throws SQLException {
        Connection connection = DriverManager.getConnection(url(database), "postgres", "postgres");
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = public, countersign");
        }
        return connection;
    }

    /** Runs statements. */
    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Vacuums a database after much work, as PostgreSQL would else do in its own time, in whosever round that falls. */
    void vacuum(String database) throws SQLException {
        execute(database, "vacuum (analyze)");
    }

    /** @return the one number that a query yields */
    long number(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Forgets the statements counted so far. */
    void resetCounts() throws SQLException {
        execute("postgres", "select pg_stat_statements_reset()");
    }

    /**
     * How often a statement was executed.
     *
     * @param calls the times
     * @param millis how long that took in all, planning left out
     */
    record Executed(long calls, double millis) {}

    /** @return the statements that were executed in a database, the most frequent first */
    Map<String, Executed> counts(String database) throws SQLException {
        Map<String, Executed> counts = new LinkedHashMap<>();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("""
                        select s.query, sum(s.calls), sum(s.total_exec_time)
                        from pg_stat_statements s join pg_database d on d.oid = s.dbid
                        where d.datname = '%s' group by s.query order by 2 desc, 1""".formatted(database))) {
            while (result.next()) {
                counts.merge(
                        result.getString(1).replaceAll("\\s+", " ").trim(),
                        new Executed(result.getLong(2), result.getDouble(3)),
                        (one, other) -> new Executed(one.calls() + other.calls(), one.millis() + other.millis()));
            }
        }
        return counts;
    }

    /**
     * @return how many blocks of tables and indexes all statements since {@link #resetCounts} looked at in a database:
     *     what their plans cost, whatever else the machine does meanwhile
     */
    long blocks(String database) throws SQLException {
        return number("postgres", """
                select coalesce(sum(s.shared_blks_hit + s.shared_blks_read), 0)
                from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = '%s'""".formatted(database));
    }

    /** @return the processor time that the server and its connections have used as far as was seen, in milliseconds */
    long processorMillis() {
        // A process that has ended since keeps what was last seen of it.
        Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .forEach(process -> processorMillis.merge(
                        process.pid(),
                        process.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toMillis(),
                        Math::max));
        return processorMillis.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
