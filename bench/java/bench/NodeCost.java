package bench;

import bench.stock.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** (f) Two nodes on one database against one, in rounds that take turns. */
final class NodeCost {

    private final Machine machine;

    NodeCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        database.create("nodes_one");
        database.create("nodes_two");
        try (Server one = machine.ours("nodes_one", Machine.EVERY_MAIL);
                Server first = machine.ours("nodes_two", Machine.EVERY_MAIL);
                Server second = machine.ours("nodes_two", Machine.EVERY_MAIL)) {
            Ours alone = Ours.prepare(database, "nodes_one", one.root());
            Ours left = Ours.prepare(database, "nodes_two", first.root());
            Ours right = Ours.prepare(database, "nodes_two", second.root());
            // All steps of an approval go to one node; its jobs run on whichever takes them.
            AtomicInteger approvals = new AtomicInteger();
            Rounds.Work either = (client, number) ->
                    (approvals.getAndIncrement() % 2 == 0 ? left : right).approve(client, number);
            Side single = Side.of(machine, "nodes_one", alone::approve);
            Side pair = Side.of(machine, "nodes_two", either);
            single.warmUp();
            pair.warmUp();
            double seconds = machine.quick() ? 6 : 15;
            List<Double> onOne = new ArrayList<>();
            List<Double> onTwo = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < (machine.quick() ? 3 : 5); i++) {
                onOne.add(single.turn(16, seconds).perSecond());
                onTwo.add(pair.turn(16, seconds).perSecond());
                ratios.add(onTwo.get(i) / onOne.get(i));
            }
            return List.of(String.format(
                    Locale.ROOT,
                    "(f) approvals/s on one node %s, on two nodes %s: %.2f of it",
                    Text.rates(onOne),
                    Text.rates(onTwo),
                    Text.median(ratios)));
        }
    }
}
