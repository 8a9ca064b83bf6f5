package io.countersign.embedded;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A durable PostgreSQL server that runs beside the application and keeps its data across restarts. */
@Configuration(proxyBeanMethods = false)
@EmbeddedMode
class EmbeddedDatabase {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres(@Value("${countersign.embedded.data-directory}") Path dataDirectory)
            throws IOException {
        Path cluster = dataDirectory.resolve("postgresql").toAbsolutePath();
        Files.createDirectories(cluster);
        stopServerLeftBehind(cluster);
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                // The library starts the server with -F and asynchronous commit, as tests like it; the
                // settings below come later on the server's command line and win.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(EmbeddedPostgres postgres) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        return dataSource;
    }

    /** After a reboot, the process with that ID may be another server. */
    private static boolean servesFrom(Path cluster, ProcessHandle process) {
        String[] arguments = process.info().arguments().orElse(new String[0]);
        return process.info().command().orElse("").contains("postgres")
                && Stream.of(arguments).anyMatch(cluster.toString()::equals);
    }

    /**
     * Stops a server that an application killed with SIGKILL left running on this data directory. Its process ID is the
     * first line of {@code postmaster.pid} (PostgreSQL documentation, "Database File Layout").
     */
    private static void stopServerLeftBehind(Path cluster) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
        ProcessHandle server = ProcessHandle.of(pid)
                .filter(process -> servesFrom(cluster, process))
                .orElse(null);
        if (server == null) {
            Files.delete(pidFile);
            return;
        }
        log.info("event=leftover_database_stopped pid={}", pid);
        server.destroy();
        try {
            server.onExit().get(30, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("PostgreSQL left behind by an earlier run does not stop: pid " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while stopping PostgreSQL: pid " + pid, e);
        }
    }
}
