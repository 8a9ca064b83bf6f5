package io.countersign.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A durable PostgreSQL server of its own, which several nodes share. */
final class Database implements Outage, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final int port = Ports.free();
    private EmbeddedPostgres server;

    Database(Path directory) {
        this.directory = directory;
        for (String talkative : List.of("io.zonky.test", "org.subethamail")) {
            LoggingSystem.get(getClass().getClassLoader()).setLogLevel(talkative, LogLevel.OFF);
        }
    }

    String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    /** @return for looking at what the nodes wrote */
    JdbcClient look() {
        return JdbcClient.create(new DriverManagerDataSource(url() + "&currentSchema=public,countersign"));
    }

    @Override
    public void start() throws IOException {
        Files.createDirectories(directory);
        server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                .setPGStartupWait(PATIENCE)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    /** Stops it as an administrator does: every connection is cut, what was not committed is rolled back. */
    @Override
    public void stop() throws IOException {
        server.close();
    }

    /** Stops it without any tidying ("immediate shutdown"): the next start recovers from the log. */
    void crash() throws IOException, InterruptedException {
        Path pidFile = directory.resolve("postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
        new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
        ProcessHandle.of(pid)
                .ifPresent(process ->
                        Outage.unchecked(() -> process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
        server.close();
        Files.deleteIfExists(pidFile);
    }

    boolean answers() {
        try (Connection connection = DriverManager.getConnection(url())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
