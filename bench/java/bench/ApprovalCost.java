package bench;

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
            List<Side> sides = List.of(
                    Side.of(machine, "ours", people::approve),
                    Side.of(machine, "stock", calls::approve),
                    new Side(
                            machine,
                            "bare",
                            (clients, seconds, limit) ->
                                    Result.parse(bare.order(clients + " " + seconds + " " + limit))));
            for (Side side : sides) {
                side.warmUp();
            }
            double round = machine.quick() ? 5 : 15;
            List<String> lines = new ArrayList<>();
            for (Side side : sides) {
                database.resetCounts();
                int mails = machine.mails().taken();
                side.door().run(-1, 600, COUNTED);
                Drain.await(database, side.database());
                lines.add(statements(
                        side.database(), database.counts(side.database()), machine.mails().taken() - mails));
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
                    for (Side side : sides) {
                        String door = side.database();
                        long ofServer = servers.get(door).processorMillis();
                        Side.Turn turn = side.turn(clients, round);
                        Result result = turn.result();
                        server.computeIfAbsent(door, key -> new ArrayList<>())
                                .add((servers.get(door).processorMillis() - ofServer) / (double) result.done());
                        postgresql
                                .computeIfAbsent(door, key -> new ArrayList<>())
                                .add(turn.postgresqlMillis() / (double) result.done());
                        rates.computeIfAbsent(door, key -> new ArrayList<>()).add(turn.perSecond());
                        last.put(door, result);
                        System.out.printf(
                                Locale.ROOT,
                                "%s %d clients: %.1f/s, drained after %.2f s, p50 %.0f p99 %.0f%n",
                                door,
                                clients,
                                result.perSecond(),
                                turn.drained(),
                                result.p50(),
                                result.p99());
                    }
                }
                for (String door : rates.keySet()) {
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
