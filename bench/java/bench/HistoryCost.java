package bench;

import bench.stock.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** (b) The same approval with nothing and with 100,000 finished approvals behind it, in rounds that take turns. */
final class HistoryCost {

    private static final int ORIGINALS = 40;
    private static final int COUNTED = 30;

    private final Machine machine;

    HistoryCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        int finished = machine.quick() ? 20_000 : 100_000;
        database.create("history_none");
        try (Server server = machine.ours("history_none", Machine.EVERY_MAIL)) {
            Ours people = Ours.prepare(database, "history_none", server.root());
            Rounds.run(8, 600, ORIGINALS, people::approve);
            Drain.await(database, "history_none");
        }
        database.copy("history_none", "history_many");
        Multiplier.run(database, "history_many", finished / ORIGINALS, true);
        try (Server none = machine.ours("history_none", Machine.EVERY_MAIL);
                Server many = machine.ours("history_many", Machine.EVERY_MAIL)) {
            Ours withNone = Ours.prepare(database, "history_none", none.root());
            Ours withMany = Ours.prepare(database, "history_many", many.root());
            Side few = Side.of(machine, "history_none", withNone::approve);
            Side full = Side.of(machine, "history_many", withMany::approve);
            few.warmUp();
            full.warmUp();
            long blocksWithNone = blocks(few);
            long blocksWithMany = blocks(full);
            double seconds = machine.quick() ? 6 : 15;
            List<Double> without = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < (machine.quick() ? 3 : 5); i++) {
                without.add(few.turn(16, seconds).perSecond());
                with.add(full.turn(16, seconds).perSecond());
                ratios.add(with.get(i) / without.get(i));
            }
            String plans = String.format(
                    Locale.ROOT,
                    "(b) blocks of tables and indexes that all statements of an approval look at: %d and %d, %.2f of it",
                    blocksWithNone,
                    blocksWithMany,
                    blocksWithMany / (double) blocksWithNone);
            return List.of(plans, String.format(
                    Locale.ROOT,
                    "(b) approvals/s with none finished %s, with %,d finished %s: %.2f of it",
                    Text.rates(without),
                    finished,
                    Text.rates(with),
                    Text.median(ratios)));
        }
    }

    /** @return what one approval costs in blocks, taken from some that run one after the other */
    private static long blocks(Side side) throws Exception {
        Database database = side.machine().database();
        database.resetCounts();
        side.door().run(1, 600, COUNTED);
        Drain.await(database, side.database());
        return database.blocks(side.database()) / COUNTED;
    }
}
