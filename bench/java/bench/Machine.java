package bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What benchmarks run on.
 *
 * @param database the database server that all applications share
 * @param mails where mail goes
 * @param quick whether rounds are short
 * @param countOnly whether statements are counted and nothing is timed
 */
record Machine(Database database, Mails mails, boolean quick, boolean countOnly) {

    /** A setting of Countersign: one mail for each notice, as the stock application sends them. */
    static final String EVERY_MAIL = "countersign.notification.digest-after=0";

    /** Starts Countersign on a database. */
    Server ours(String name, String... more) throws IOException, InterruptedException {
        List<String> properties = new ArrayList<>(List.of(
                "spring.datasource.url=" + database.url(name),
                "spring.datasource.username=postgres",
                "spring.datasource.password=postgres",
                "countersign.encryption.keys=Y291bnRlcnNpZ24tdGVzdHMtb25seS0zMi1ieXRlcyE=",
                "spring.mail.host=localhost",
                "spring.mail.port=" + mails.port(),
                "countersign.target.manifests.directory="
                        + Bench.OUTPUT.resolve("manifests").resolve(name)));
        properties.addAll(List.of(more));
        return Server.start(new Server.Spec(
                name,
                System.getProperty("bench.classpath.ours"),
                "io.countersign.Countersign",
                "/actuator/health/readiness",
                properties));
    }

    /** Starts the stock application on a database, behind engine-rest. */
    Server stock(String name) throws IOException, InterruptedException {
        return Server.start(new Server.Spec(
                name,
                System.getProperty("bench.classpath.stock"),
                "bench.stock.StockApplication",
                "/engine-rest/engine",
                stockProperties(name)));
    }

    /** Starts the stock engine on a database, driven in its own process. */
    Server bare(String name) throws IOException, InterruptedException {
        return Server.start(new Server.Spec(
                name,
                System.getProperty("bench.classpath.stock"),
                "bench.stock.BareEngine",
                null,
                stockProperties(name)));
    }

    /** Starts the plain application on a database, behind engine-rest. */
    Server plain(String name, String... more) throws IOException, InterruptedException {
        List<String> properties = new ArrayList<>(stockProperties(name));
        properties.addAll(List.of(more));
        return Server.start(new Server.Spec(
                name,
                System.getProperty("bench.classpath.plain"),
                "bench.plain.PlainApplication",
                "/engine-rest/engine",
                properties));
    }

    /** Starts the empty starter application on a database. */
    Server empty(String name) throws IOException, InterruptedException {
        return Server.start(new Server.Spec(
                name,
                System.getProperty("bench.classpath.empty"),
                "bench.empty.EmptyApplication",
                "/engine-rest/engine",
                stockProperties(name)));
    }

    private List<String> stockProperties(String name) {
        return List.of(
                "spring.datasource.url=" + database.url(name),
                "spring.datasource.username=postgres",
                "spring.datasource.password=postgres",
                "spring.mail.host=localhost",
                "spring.mail.port=" + mails.port(),
                "camunda.bpm.generic-properties.properties.historyTimeToLive=P365D",
                "bench.directory=" + Bench.OUTPUT.resolve("manifests").resolve(name));
    }
}
