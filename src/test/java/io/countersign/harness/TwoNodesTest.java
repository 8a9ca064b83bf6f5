package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.harness.Ledger.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What two nodes on one database promise: the life of an installation in order, from an empty database through an
 * update and everything that can go away, with a look at the end whether anything was lost or happened twice. Takes two
 * minutes; {@code -Dendurance.minutes=30} makes it half an hour, in an order that {@code -Dendurance.seed} repeats.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTest {

    private static final Path LOGS = Path.of("target/harness").toAbsolutePath();
    private static final Duration FAST = Duration.ofSeconds(3);
    private static final String READINESS = "/actuator/health/readiness";

    @TempDir
    private static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final MailServer mail = new MailServer();
    private final KubernetesApi kubernetes = new KubernetesApi();
    private final Ledger ledger = new Ledger();
    private final List<Instant> kills = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final Instant begun = Instant.now();

    private Database database;
    private Node first;
    private Node second;
    private Caller caller;
    private SyncWatch watch;
    private String anchor;

    @BeforeAll
    void two_nodes_start_at_the_same_moment_on_an_empty_database() throws Exception {
        database = new Database(directory.resolve("postgresql"));
        database.start();
        mail.start();
        kubernetes.start();
        first = node("first").start();
        second = node("second").start();
        first.awaitReady();
        second.awaitReady();
        tell("two nodes are ready");
        caller = new Caller(List.of(first, second));
        World.make(caller, database);
        watch = new SyncWatch(List.of(first, second), caller, ledger);
    }

    @AfterEach
    void nobodySawAnythingUnexpected() {
        assertThat(caller.unexpected).as("answers that no client should see").isEmpty();
    }

    @AfterAll
    void stop() throws Exception {
        System.out.println(String.join(System.lineSeparator(), story));
        first.close();
        second.close();
        mail.close();
        kubernetes.close();
        database.close();
    }

    @Test
    @Order(1)
    void update_node_by_node_loses_no_request_and_both_versions_work_side_by_side() throws Exception {
        caller.refused.clear();
        caller.cut.clear();
        Load load = new Load(caller.behindALoadBalancer(true), ledger, watch).start();
        seconds(2);

        second.stop();
        tell("second node has stopped");
        second.overlay(NextVersion.write(directory.resolve("next")))
                .set("next-version", "true")
                .start()
                .awaitReady();
        tell("second node is back as the next version");
        seconds(2);
        first.stop();
        tell("first node has stopped");
        first.start().awaitReady();
        tell("first node is back as the version it was");
        seconds(2);
        load.stop();

        assertThat(caller.refused).as("refused requests").isEmpty();
        assertThat(caller.cut).as("requests without an answer").isEmpty();
        JdbcClient look = database.look();
        assertThat(look.sql("select count(*) from act_re_procdef where key_ = ?")
                        .param(NextVersion.MODEL)
                        .query(Integer.class)
                        .single())
                .as("versions of the model that changed, however often nodes start")
                .isEqualTo(2);
        new Findings(evidence()).awaitSilence();
        assertThat(look.sql("""
                        select distinct d.version_ from act_hi_procinst p join act_re_procdef d on d.id_ = p.proc_def_id_
                        where d.key_ = ? order by 1""").param(NextVersion.MODEL).query(Integer.class).list())
                .as("versions that processes ran by")
                .containsExactly(1, 2);
        assertThat(Files.readString(first.log()))
                .as("what the first node was asked to do")
                .doesNotContain("announceChange");
    }

    @Test
    @Order(2)
    void while_the_database_is_away_everyone_hears_so_at_once_and_nobody_restarts_anything() throws Exception {
        String token = caller.token(World.OWNER);
        database.stop();
        try {
            await().atMost(FAST).until(() -> first.status(READINESS) == 503);
            assertThat(first.status("/actuator/health/liveness")).isEqualTo(200);
            HttpResponse<String> rest = askAtOnce("/api/v1/approvals", "Bearer " + token);
            assertThat(rest.statusCode()).isEqualTo(503);
            assertThat(rest.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(rest.headers().firstValue("Retry-After")).isPresent();
            assertThat(rest.body()).contains("\"code\":\"database_unavailable\"");
            HttpResponse<String> engine = askAtOnce("/engine-rest/task", basic(World.OWNER));
            assertThat(engine.statusCode()).isEqualTo(503);
            assertThat(engine.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            HttpResponse<String> page = askAtOnce("/inbox", null);
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.body()).contains("Back in a moment");
        } finally {
            database.start();
        }
        await().atMost(FAST).until(() -> first.isReady() && second.isReady());
        assertThat(askAtOnce("/api/v1/approvals", "Bearer " + token).statusCode())
                .isEqualTo(200);
    }

    @Test
    @Order(3)
    void more_than_can_be_answered_is_refused_soon_and_health_still_answers() throws Exception {
        String token = "Bearer " + caller.token(World.OWNER);
        List<CompletableFuture<HttpResponse<String>>> answers;
        try (Connection blocker = DriverManager.getConnection(database.url())) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table countersign.approvals in access exclusive mode");
            answers = IntStream.range(0, 150)
                    .mapToObj(i ->
                            http.sendAsync(request("/api/v1/approvals", token), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            await().atMost(Duration.ofSeconds(5))
                    .until(() ->
                            answers.stream().filter(CompletableFuture::isDone).count() > 100);
            assertThat(first.isReady()).isTrue();
            blocker.rollback();
        }

        List<Integer> statuses = answers.stream()
                .map(answer -> answer.join().statusCode())
                .distinct()
                .sorted()
                .toList();
        assertThat(statuses).containsExactly(200, 503);
        assertThat(answers.stream().map(CompletableFuture::join).filter(answer -> answer.statusCode() == 503))
                .allSatisfy(answer -> {
                    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                    assertThat(answer.body()).contains("\"code\":\"overloaded\"");
                });
        assertThat(askAtOnce("/api/v1/approvals", token).statusCode()).isEqualTo(200);
    }

    @Test
    @Order(4)
    void nothing_is_lost_and_nothing_happens_twice_whatever_goes_away() throws Exception {
        anchor = new Findings(evidence()).newestHash();
        Load load = new Load(caller.behindALoadBalancer(false), ledger, watch).start();
        int minutes = Integer.getInteger("endurance.minutes", 0);
        if (minutes == 0) {
            eachGoesAwayOnce();
        } else {
            anythingGoesAwayFor(Duration.ofMinutes(minutes));
        }
        load.stop();
        tell("the load ends");

        new Findings(evidence()).awaitSilence();
        tell("everything is done");
        Evidence evidence = evidence();
        Findings findings = new Findings(evidence);
        findings.everyRequestIsThereOnce();
        findings.everyDecisionIsThereOnce();
        TargetFindings target = new TargetFindings(evidence);
        target.everyApprovedClusterIsThereOnce();
        target.everyRouteIsAsItWasApprovedLast();
        target.everyPolicyAdmitsExactlyWhoWasApproved();
        target.everyClientIsThereOnceAndHasItsKey();
        target.count(findings);
        TenantFindings tenants = new TenantFindings(evidence);
        tenants.everyTenantIsAsItWasTold();
        tenants.everySyncTellsEveryTenant();
        tenants.everyTransitionIsInTheTrailOnce();
        tenants.everyContactWasToldOnce();
        tenants.count(findings, watch);
        assertThat(watch.wrong).as("syncs that were neither whole nor an error").isEmpty();
        MailFindings mails = new MailFindings(evidence);
        mails.everyMailWasQueuedOnce();
        mails.everyMailCameOnce(kills);
        mails.count(findings);
        findings.theTrailIsIntact(anchor);
        findings.count("requests over HTTP", caller.requests.get());
        findings.count("of them refused with 503, or nobody listened", caller.refused.size());
        findings.count("of them cut without an answer", caller.cut.size());
        System.out.println(findings.report());
        assertThat(ledger.approved(Kind.CLUSTER, "create")).isPositive();
        assertThat(List.of("create", "update", "delete"))
                .allSatisfy(action -> assertThat(ledger.approved(Kind.ROUTE, action))
                        .as(action)
                        .isPositive());
        assertThat(List.of("attach", "detach"))
                .allSatisfy(action -> assertThat(ledger.approved(Kind.CLIENT_ATTACHMENT, action))
                        .as(action)
                        .isPositive());
        assertThat(ledger.approved(Kind.TENANT, "create")).isPositive();
    }

    @Test
    @Order(5)
    void every_finding_reports_what_is_broken_on_purpose() throws Exception {
        new Sabotage(evidence(), database, watch).everythingIsFound(anchor, kills);
    }

    private void eachGoesAwayOnce() throws Exception {
        seconds(2);
        CompletableFuture<Void> back = killAndRestart(second);
        away("mail server", mail, 3);
        away("Kubernetes API", kubernetes, 3);
        back.join();
        tell("second node is back");
        databaseAway(false, 2);
        seconds(1);
        back = killAndRestart(first);
        seconds(1);
        databaseAway(true, 1);
        back.join();
        tell("first node is back");
        seconds(1);
    }

    private void anythingGoesAwayFor(Duration duration) throws Exception {
        long seed = Long.getLong("endurance.seed", System.nanoTime());
        System.out.println("endurance.seed=" + seed);
        Random random = new Random(seed);
        Instant end = Instant.now().plus(duration);
        while (Instant.now().isBefore(end)) {
            seconds(random.nextInt(8));
            int length = 1 + random.nextInt(10);
            switch (random.nextInt(6)) {
                case 0 -> killAndRestart(first).join();
                case 1 -> killAndRestart(second).join();
                case 2 -> away("mail server", mail, length);
                case 3 -> away("Kubernetes API", kubernetes, length);
                case 4 -> databaseAway(false, length);
                default -> {
                    CompletableFuture<Void> back = killAndRestart(random.nextBoolean() ? first : second);
                    databaseAway(true, length);
                    back.join();
                }
            }
        }
    }

    private CompletableFuture<Void> killAndRestart(Node node) throws Exception {
        kills.add(Instant.now());
        node.kill();
        tell(node.name() + " node is killed");
        node.start();
        return CompletableFuture.runAsync(node::superviseUntilReady);
    }

    private void away(String what, Outage outage, int seconds) throws Exception {
        outage.stop();
        tell(what + " is away");
        seconds(seconds);
        outage.start();
        tell(what + " is back");
    }

    private void databaseAway(boolean crash, int seconds) throws Exception {
        if (crash) {
            database.crash();
        } else {
            database.stop();
        }
        tell(crash ? "database has crashed" : "database is away");
        seconds(seconds);
        database.start();
        await().until(database::answers);
        tell("database is back");
    }

    private Evidence evidence() {
        return new Evidence(ledger, database.look(), mail.mails(), kubernetes, caller);
    }

    private HttpResponse<String> askAtOnce(String path, String authorization) throws Exception {
        Instant asked = Instant.now();
        HttpResponse<String> answer = http.send(request(path, authorization), HttpResponse.BodyHandlers.ofString());
        assertThat(Duration.between(asked, Instant.now())).as(path).isLessThan(FAST);
        return answer;
    }

    private HttpRequest request(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(first.url() + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + Node.PASSWORD).getBytes());
    }

    private Node node(String name) {
        return new Node(name, LOGS, database)
                .mailsTo(mail)
                .deploysTo(kubernetes)
                .set("countersign.resilience.drain-delay", "PT3S");
    }

    private void tell(String what) {
        story.add("%6.1f s  %s".formatted(Duration.between(begun, Instant.now()).toMillis() / 1000.0, what));
    }

    private static void seconds(int seconds) throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(seconds).toMillis());
    }
}
