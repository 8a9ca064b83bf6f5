package io.countersign.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.harness.Ledger.Decision;
import io.countersign.harness.Ledger.Request;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody at work over REST, who writes down what they are answered. */
abstract class Work {

    /** Names are never used twice, whoever is at work. */
    private static final AtomicInteger COUNTER = new AtomicInteger();

    final Caller caller;
    final Ledger ledger;
    final Random random;

    Work(Caller caller, Ledger ledger, Random random) {
        this.caller = caller;
        this.ledger = ledger;
        this.random = random;
    }

    /** Does one thing, to its end. */
    abstract void once();

    static String unique(String prefix) {
        return prefix + COUNTER.incrementAndGet();
    }

    /** @return true but for one time in so many */
    final boolean mostly(int times) {
        return random.nextInt(times) > 0;
    }

    final <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    final Caller.Answer create(String person, String path, Object body) {
        return caller.send(person, "POST", path, body, UUID.randomUUID().toString());
    }

    /** @return whether the stage was approved */
    final boolean decide(Request request, int order, String person, boolean approve) {
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
                throw new AssertionError("A decision on " + request + " was refused: " + answer + ", the stage is "
                        + stage(request, order, person));
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
