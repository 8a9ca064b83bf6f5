package bench;

import bench.stock.Rounds;
import bench.stock.Rounds.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** (a) A two-stage approval from submission to active, through three doors, in rounds that take turns. */
final class ApprovalCost {

    private static final int COUNTED = 20;

    private final Machine machine;

    ApprovalCost(Machine machine) {
        this.machine = machine;
    }

    /** One of the ways to drive an approval. */
    private interface Door {

        Result run(int clients, double seconds, int limit) throws Exception;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        for (String name : List.of("ours", "stock", "bare")) {
            database.create(name);
        }
        try (Server ours = machine.ours("ours");
                Server stock = machine.stock("stock");
                Server bare = machine.bare("bare")) {
            Ours people = Ours.prepare(database, "ours", ours.root());
            Stock calls = new Stock(stock.root());
            Map<String, Server> servers = Map.of("ours", ours, "stock", stock, "bare", bare);
            Map<String, Door> doors = new LinkedHashMap<>();
            doors.put("ours", (clients, seconds, limit) -> Rounds.run(clients, seconds, limit, people::approve));
            doors.put("stock", (clients, seconds, limit) -> Rounds.run(clients, seconds, limit, calls::approve));
            doors.put(
                    "bare",
                    (clients, seconds, limit) -> Result.parse(bare.order(clients + " " + seconds + " " + limit)));
            double round = machine.quick() ? 5 : 15;
            for (Map.Entry<String, Door> door : doors.entrySet()) {
                // Until the code that runs all the time is compiled, on each side alike. One client follows many, as the
                // compiler hardly gets its turn while these fill the processors.
                door.getValue().run(16, 1200, machine.countOnly() ? 20 : machine.quick() ? 400 : 2000);
                if (!machine.countOnly()) {
                    door.getValue().run(1, machine.quick() ? 10 : 60, Integer.MAX_VALUE);
                }
                Drain.await(database, door.getKey());
                database.tidy(door.getKey());
            }
            List<String> lines = new ArrayList<>();
            for (Map.Entry<String, Door> door : doors.entrySet()) {
                database.resetCounts();
                int mails = machine.mails().taken();
                door.getValue().run(-1, 600, COUNTED);
                Drain.await(database, door.getKey());
                lines.add(statements(door.getKey(), database.counts(door.getKey()), machine.mails().taken() - mails));
            }
            lines.forEach(System.out::println);
            if (machine.countOnly()) {
                return lines;
            }
            lines.add("");
            lines.add("| clients | door | approvals/s, one round each | p50 ms | p99 ms | processor ms of the server "
                    + "| of PostgreSQL | against stock |");
            lines.add("|---|---|---|---|---|---|---|---|");
            for (int clients : new int[] {16, 1}) {
                Map<String, List<Double>> rates = new LinkedHashMap<>();
                Map<String, Result> last = new LinkedHashMap<>();
                Map<String, List<Double>> server = new LinkedHashMap<>();
                Map<String, List<Double>> postgresql = new LinkedHashMap<>();
                for (int i = 0; i < (machine.quick() ? 2 : 4); i++) {
                    for (Map.Entry<String, Door> door : doors.entrySet()) {
                        long ofServer = servers.get(door.getKey()).processorMillis();
                        long ofPostgresql = database.processorMillis();
                        Result result = door.getValue().run(clients, round, Integer.MAX_VALUE);
                        double drained = Drain.await(database, door.getKey());
                        server.computeIfAbsent(door.getKey(), key -> new ArrayList<>())
                                .add((servers.get(door.getKey()).processorMillis() - ofServer)
                                        / (double) result.done());
                        postgresql
                                .computeIfAbsent(door.getKey(), key -> new ArrayList<>())
                                .add((database.processorMillis() - ofPostgresql) / (double) result.done());
                        rates.computeIfAbsent(door.getKey(), key -> new ArrayList<>())
                                .add(result.done() / (result.seconds() + drained));
                        last.put(door.getKey(), result);
                        database.tidy(door.getKey());
                        System.out.printf(
                                Locale.ROOT,
                                "%s %d clients: %.1f/s, drained after %.2f s, p50 %.0f p99 %.0f%n",
                                door.getKey(),
                                clients,
                                result.perSecond(),
                                drained,
                                result.p50(),
                                result.p99());
                    }
                }
                for (String door : doors.keySet()) {
                    List<Double> ratios = new ArrayList<>();
                    for (int i = 0; i < rates.get(door).size(); i++) {
                        ratios.add(rates.get(door).get(i) / rates.get("stock").get(i));
                    }
                    lines.add(String.format(
                            Locale.ROOT,
                            "| %d | %s | %s | %.0f | %.0f | %.1f | %.1f | %.2f |",
                            clients,
                            door,
                            Text.rates(rates.get(door)),
                            last.get(door).p50(),
                            last.get(door).p99(),
                            Text.median(server.get(door)),
                            Text.median(postgresql.get(door)),
                            Text.median(ratios)));
                }
            }
            lines.add("");
            lines.add("Resident memory at most, in MiB: ours " + ours.residentMebibytes() + ", stock "
                    + stock.residentMebibytes());
            return lines;
        }
    }

    private static String statements(String door, Map<String, Long> counts, int mails) throws IOException {
        long all = 0;
        long transactions = 0;
        List<String> table = new ArrayList<>();
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            String text = count.getKey();
            if (text.startsWith("BEGIN") || text.equals("COMMIT") || text.equals("ROLLBACK")) {
                transactions += text.startsWith("BEGIN") ? count.getValue() : 0;
            } else {
                all += count.getValue();
                table.add(String.format(
                        Locale.ROOT,
                        "%8.2f  %s",
                        count.getValue() / (double) COUNTED,
                        text.substring(0, Math.min(230, text.length()))));
            }
        }
        Path file = Bench.OUTPUT.resolve("statements-" + door + ".txt");
        Files.write(file, table);
        return String.format(
                Locale.ROOT,
                "%s: %.1f statements in %.1f transactions and %.1f mails for each approval",
                door,
                all / (double) COUNTED,
                transactions / (double) COUNTED,
                mails / (double) COUNTED);
    }
}
