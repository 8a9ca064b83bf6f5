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

/**
 * Several applications that do the same work, in rounds that take turns.
 *
 * @param machine what all run on
 * @param servers each side's server
 * @param against the side that the others are compared with, by name
 */
record Comparison(Machine machine, Map<Side, Server> servers, String against) {

    private static final int COUNTED = 20;

    /** Warms all sides up, counts their statements and, unless only these are wanted, times them. */
    List<String> run() throws Exception {
        for (Side side : servers.keySet()) {
            side.warmUp();
        }
        List<String> lines = new ArrayList<>(statements());
        lines.forEach(System.out::println);
        if (!machine.countOnly()) {
            lines.addAll(turns());
        }
        return lines;
    }

    private List<String> statements() throws Exception {
        List<String> lines = new ArrayList<>();
        Map<String, Double> counts = new LinkedHashMap<>();
        for (Side side : servers.keySet()) {
            String name = side.database();
            machine.database().resetCounts();
            int mails = machine.mails().taken();
            side.door().run(-1, 600, COUNTED);
            Drain.await(machine.database(), name);
            Map<String, Database.Executed> seen = machine.database().counts(name);
            mails = machine.mails().taken() - mails;
            counts.put(name, list(name, seen) / (double) COUNTED);
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %.1f statements in %.1f transactions and %.1f mails for each approval",
                    name,
                    counts.get(name),
                    begun(seen) / (double) COUNTED,
                    mails / (double) COUNTED));
        }
        counts.forEach((name, count) -> lines.add(
                String.format(Locale.ROOT, "%s: %.2f of the statements of %s", name, count / counts.get(against), against)));
        return lines;
    }

    private List<String> turns() throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "| clients | door | approvals/s, one round each | p50 ms | p99 ms | processor ms of the server "
                        + "| of PostgreSQL | approvals/s against " + against + " | processor time against it |",
                "|---|---|---|---|---|---|---|---|---|"));
        for (int clients : new int[] {16, 1}) {
            Map<String, List<Round>> rounds = new LinkedHashMap<>();
            for (int i = 0; i < (machine.quick() ? 2 : 4); i++) {
                for (Map.Entry<Side, Server> one : servers.entrySet()) {
                    String name = one.getKey().database();
                    Round round = round(one.getKey(), one.getValue(), clients);
                    rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(round);
                    System.out.println(name + ", " + clients + " clients: " + round.text());
                }
            }
            rounds.forEach((name, own) -> lines.add(row(clients, name, own, rounds.get(against))));
        }
        lines.add("");
        for (Map.Entry<Side, Server> one : servers.entrySet()) {
            lines.add("Resident memory of " + one.getKey().database() + " at most: "
                    + one.getValue().residentMebibytes() + " MiB");
        }
        return lines;
    }

    private Round round(Side side, Server server, int clients) throws Exception {
        long before = server.processorMillis();
        Side.Turn turn = side.turn(clients, machine.quick() ? 5 : 15);
        double done = turn.result().done();
        return new Round(turn, (server.processorMillis() - before) / done, turn.postgresqlMillis() / done);
    }

    private static String row(int clients, String name, List<Round> own, List<Round> others) {
        List<Double> rates = own.stream().map(round -> round.turn().perSecond()).toList();
        List<Double> speed = new ArrayList<>();
        List<Double> cost = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            speed.add(rates.get(i) / others.get(i).turn().perSecond());
            cost.add(own.get(i).processor() / others.get(i).processor());
        }
        Result last = own.get(own.size() - 1).turn().result();
        return String.format(
                Locale.ROOT,
                "| %d | %s | %s | %.0f | %.0f | %.1f | %.1f | %.2f | %.2f |",
                clients,
                name,
                Text.rates(rates),
                last.p50(),
                last.p99(),
                Text.median(own.stream().map(Round::server).toList()),
                Text.median(own.stream().map(Round::postgresql).toList()),
                Text.median(speed),
                Text.median(cost));
    }

    /** Writes the statements of one approval to a file, and counts those of all approvals. */
    private static long list(String name, Map<String, Database.Executed> counts) throws IOException {
        List<String> table = new ArrayList<>();
        long all = 0;
        for (Map.Entry<String, Database.Executed> count : counts.entrySet()) {
            String text = count.getKey();
            if (!text.startsWith("BEGIN") && !text.equals("COMMIT") && !text.equals("ROLLBACK")) {
                all += count.getValue().calls();
                table.add(String.format(
                        Locale.ROOT,
                        "%8.2f %6.2f ms  %s",
                        count.getValue().calls() / (double) COUNTED,
                        count.getValue().millis() / COUNTED,
                        text.substring(0, Math.min(230, text.length()))));
            }
        }
        Path file = Bench.OUTPUT.resolve("statements-" + name + ".txt");
        Files.write(file, table);
        return all;
    }

    private static long begun(Map<String, Database.Executed> counts) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith("BEGIN"))
                .mapToLong(count -> count.getValue().calls())
                .sum();
    }

    /**
     * One turn of one side.
     *
     * @param server processor time of the server, in milliseconds for each approval
     * @param postgresql that of PostgreSQL
     */
    private record Round(Side.Turn turn, double server, double postgresql) {

        double processor() {
            return server + postgresql;
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%.1f/s, drained after %.2f s, p50 %.0f p99 %.0f",
                    turn.result().perSecond(),
                    turn.drained(),
                    turn.result().p50(),
                    turn.result().p99());
        }
    }
}
