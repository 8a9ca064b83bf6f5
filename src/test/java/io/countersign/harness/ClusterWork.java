package io.countersign.harness;

import io.countersign.cluster.ClusterFixtures;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Request;
import java.util.Random;

/** People who ask for clusters, and owners who decide or need nobody to. */
final class ClusterWork extends Work {

    ClusterWork(Caller caller, Ledger ledger, Random random) {
        super(caller, ledger, random);
    }

    @Override
    void once() {
        String name = unique("c");
        String submitter = mostly(5) ? World.ADMIN : World.OWNER;
        Caller.Answer answer = create(
                        submitter, ClusterFixtures.clusters(World.ORGANIZATION), ClusterFixtures.body(name))
                .expect(201);
        Request request = new Request(Kind.CLUSTER, "create", name, answer.at("/approval_id"), submitter);
        ledger.accepted(request);
        if (submitter.equals(World.ADMIN)) {
            decide(request, 1, random.nextBoolean() ? World.OWNER : World.OTHER_OWNER, mostly(4));
        }
    }
}
