package io.countersign.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.harness.Ledger.Decision;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** People at work: each submits something, has it decided, and has it deployed if that is up to a person. */
final class Load {

    /** Names are never used twice, whoever is at work. */
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static final int PEOPLE_AT_WORK = 3;
    private static final Duration PAUSE = Duration.ofMillis(700);
    private static final String ROUTES = "/api/v1/projects/" + World.PROJECT + "/routes/";

    private final Caller caller;
    private final Ledger ledger;
    private final ExecutorService threads = Executors.newFixedThreadPool(PEOPLE_AT_WORK);
    private final List<Future<?>> workers = new ArrayList<>();
    private volatile boolean running = true;

    Load(Caller caller, Ledger ledger) {
        this.caller = caller;
        this.ledger = ledger;
    }

    Load start() {
        for (int worker = 0; worker < PEOPLE_AT_WORK; worker++) {
            Random random = new Random(worker);
            workers.add(threads.submit(() -> {
                while (running) {
                    workOnce(random);
                    Thread.sleep(PAUSE.toMillis());
                }
                return null;
            }));
        }
        return this;
    }

    /** Lets everybody finish what they are at; fails if anybody met something that should not be. */
    void stop() throws Exception {
        running = false;
        for (Future<?> worker : workers) {
            worker.get();
        }
        threads.shutdown();
    }

    private void workOnce(Random random) {
        if (random.nextBoolean()) {
            cluster(random);
        } else {
            route(random);
        }
    }

    private void cluster(Random random) {
        String name = "c" + COUNTER.incrementAndGet();
        String submitter = random.nextInt(5) == 0 ? World.OWNER : World.ADMIN;
        Caller.Answer answer = create(
                        submitter, ClusterFixtures.clusters(World.ORGANIZATION), ClusterFixtures.body(name))
                .expect(201);
        Request request = new Request(Kind.CLUSTER, name, answer.at("/id"), answer.at("/approval_id"), submitter);
        ledger.accepted(request);
        if (submitter.equals(World.ADMIN)) {
            decide(request, 1, random.nextBoolean() ? World.OWNER : World.OTHER_OWNER, random.nextInt(4) > 0);
        }
    }

    private void route(Random random) {
        String name = "r" + COUNTER.incrementAndGet();
        Caller.Answer answer = create(
                        World.EDITOR,
                        "/api/v1/projects/" + World.PROJECT + "/domains/shop/routes",
                        Map.of(
                                "name",
                                name,
                                "path",
                                "/" + name,
                                "backend",
                                Map.of("service", name, "port", 8080),
                                "access",
                                "public"))
                .expect(202);
        Request request = new Request(Kind.ROUTE, name, answer.at("/id"), answer.at("/approval_id"), World.EDITOR);
        ledger.accepted(request);
        if (decide(request, 1, World.APPROVER, random.nextInt(6) > 0)
                && decide(request, 2, World.LEAD, random.nextInt(6) > 0)) {
            deploy(request);
        }
    }

    private Caller.Answer create(String person, String path, Object body) {
        return caller.send(person, "POST", path, body, UUID.randomUUID().toString());
    }

    /** @return whether the stage was approved */
    private boolean decide(Request request, int order, String person, boolean approve) {
        while (true) {
            JsonNode stage = stage(request, order, person);
            Caller.Answer answer = caller.post(
                    person,
                    "/api/v1/approvals/" + request.approval + "/stages/"
                            + stage.get("id").asText() + (approve ? "/approve" : "/reject"),
                    Map.of("comment", approve ? "fine" : "not now"));
            boolean worked = answer.status() == 200
                    // An attempt whose answer was lost may have worked; whoever repeats it is told so.
                    || answer.repeated()
                            && answer.at("/code").equals("already_decided")
                            && stage(request, order, person)
                                    .get("decided_by")
                                    .asText()
                                    .equals(person);
            if (worked) {
                request.decisions.add(new Decision(order, person, approve));
                return approve;
            }
            if (!answer.at("/code").equals("concurrent_change")) {
                throw new AssertionError("A decision on " + request.name + " was refused: " + answer + ", the stage is "
                        + stage(request, order, person));
            }
        }
    }

    private void deploy(Request request) {
        while (true) {
            String status =
                    caller.get(World.EDITOR, ROUTES + request.id).expect(200).at("/status");
            if (!status.equals("approved")) {
                return;
            }
            Caller.Answer answer = caller.post(World.EDITOR, ROUTES + request.id + "/deploy", null);
            if (answer.status() != 202 && answer.status() != 409) {
                throw new AssertionError("The deployment of " + request.name + " was refused: " + answer);
            }
        }
    }

    private JsonNode stage(Request request, int order, String person) {
        return caller.get(person, "/api/v1/approvals/" + request.approval)
                .expect(200)
                .body()
                .at("/stages/" + (order - 1));
    }
}
