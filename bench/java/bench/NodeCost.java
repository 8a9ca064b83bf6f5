package bench;

import bench.stock.Rounds;
import bench.stock.Rounds.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        try (Server one = machine.ours("nodes_one");
                Server first = machine.ours("nodes_two");
                Server second = machine.ours("nodes_two")) {
            Ours alone = Ours.prepare(database, "nodes_one", one.root());
            Ours left = Ours.prepare(database, "nodes_two", first.root());
            Ours right = Ours.prepare(database, "nodes_two", second.root());
            // Each step of an approval goes to one node; its jobs run on whichever takes them.
            Rounds.Work both = (client, number) -> (client / Ours.PROJECTS % 2 == 0 ? left : right).approve(client, number);
            double seconds = machine.quick() ? 6 : 15;
            Rounds.run(16, seconds * 2, Integer.MAX_VALUE, alone::approve);
            Rounds.run(16, seconds * 2, Integer.MAX_VALUE, both);
            List<Double> single = new ArrayList<>();
            List<Double> pair = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < (machine.quick() ? 3 : 5); i++) {
                Result onOne = Rounds.run(16, seconds, Integer.MAX_VALUE, alone::approve);
                single.add(onOne.done() / (onOne.seconds() + Drain.await(database, "nodes_one")));
                Result onTwo = Rounds.run(16, seconds, Integer.MAX_VALUE, both);
                pair.add(onTwo.done() / (onTwo.seconds() + Drain.await(database, "nodes_two")));
                ratios.add(pair.get(i) / single.get(i));
            }
            return List.of(String.format(
                    Locale.ROOT,
                    "(f) approvals/s on one node %s, on two nodes %s: %.2f of it",
                    Text.rates(single),
                    Text.rates(pair),
                    Text.median(ratios)));
        }
    }
}
