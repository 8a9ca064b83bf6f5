package bench;

import bench.stock.Rounds.Result;
import bench.stock.Rounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** (c) Lists and the inbox with few, with 100,000 and with 1,000,000 approvals. */
final class PageCost {

    private static final int ORIGINALS = 40;
    private static final int PENDING = 30;

    private final Machine machine;

    PageCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        database.create("pages_0");
        try (Server server = machine.ours("pages_0")) {
            Ours people = Ours.prepare(database, "pages_0", server.root());
            Rounds.run(8, 600, ORIGINALS, people::approve);
            Rounds.run(4, 600, PENDING, people::submit);
            Drain.await(database, "pages_0");
        }
        int[] sizes = machine.quick() ? new int[] {0, 20_000} : new int[] {0, 100_000, 1_000_000};
        Map<Integer, Server> servers = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        try {
            for (int size : sizes) {
                String name = "pages_" + size;
                if (size > 0) {
                    database.copy("pages_0", name);
                    Multiplier.run(database, name, size / (ORIGINALS + PENDING), false);
                }
            }
            for (int size : sizes) {
                servers.put(size, machine.ours("pages_" + size));
            }
            lines.add("| page | " + sizes(sizes) + " | p99, largest to smallest |");
            lines.add("|---|" + "---|".repeat(sizes.length + 1));
            Map<String, String> pages = new LinkedHashMap<>();
            pages.put("inbox", "/api/v1/approvals?decidable=true");
            pages.put("all approvals that I may see", "/api/v1/approvals");
            pages.put("all that are approved", "/api/v1/approvals?status=approved");
            pages.put("a project's approvals", "/api/v1/projects/bench-0/approvals");
            pages.put("a project's routes", "/api/v1/projects/bench-0/routes");
            pages.put("the trail", "/api/v1/audit");
            for (Map.Entry<String, String> page : pages.entrySet()) {
                lines.add(line(page.getKey(), page.getValue(), sizes, servers));
            }
            return lines;
        } finally {
            servers.values().forEach(Server::close);
        }
    }

    private String line(String label, String path, int[] sizes, Map<Integer, Server> servers) throws Exception {
        Map<Integer, List<Long>> times = new LinkedHashMap<>();
        Map<Integer, Http> readers = new LinkedHashMap<>();
        for (int size : sizes) {
            readers.put(size, Ours.signIn(servers.get(size).root(), "owner-0"));
            times.put(size, new ArrayList<>());
            read(readers.get(size), path, 100);
        }
        for (int turn = 0; turn < (machine.quick() ? 3 : 20); turn++) {
            for (int size : sizes) {
                times.get(size).addAll(read(readers.get(size), path, 60));
            }
        }
        StringBuilder line = new StringBuilder("| " + label + " |");
        List<Result> results = new ArrayList<>();
        for (int size : sizes) {
            Result result = Rounds.result(times.get(size), 1);
            results.add(result);
            line.append(String.format(Locale.ROOT, " p50 %.1f, p99 %.1f ms |", result.p50(), result.p99()));
        }
        return line
                + String.format(
                        Locale.ROOT,
                        " %.2f |",
                        results.get(results.size() - 1).p99() / results.get(0).p99());
    }

    private static List<Long> read(Http reader, String path, int count) throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            reader.get(path);
            times.add(System.nanoTime() - before);
        }
        return times;
    }

    private static String sizes(int[] sizes) {
        List<String> texts = new ArrayList<>();
        for (int size : sizes) {
            texts.add(String.format(Locale.ROOT, "%,d approvals", size == 0 ? ORIGINALS + PENDING : size));
        }
        return String.join(" | ", texts);
    }
}
