package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Runs the benchmarks that the command line names, all of them if it names none. */
public final class Bench {

    /** Where data, logs and results go. */
    static final Path OUTPUT = Path.of("target", "bench").toAbsolutePath();

    private Bench() {}

    /**
     * Runs benchmarks.
     *
     * @param args letters of benchmarks, {@code --quick} for short rounds, and {@code --count} for statements and
     *     nothing that takes time
     */
    public static void main(String[] args) throws Exception {
        Set<String> parts = new LinkedHashSet<>();
        boolean quick = false;
        boolean countOnly = false;
        for (String arg : args) {
            if (arg.equals("--quick")) {
                quick = true;
            } else if (arg.equals("--count")) {
                countOnly = true;
            } else {
                parts.add(arg.toLowerCase(Locale.ROOT));
            }
        }
        if (parts.isEmpty()) {
            parts.addAll(List.of("a", "b", "c", "d", "e", "f", "g"));
        }
        Files.createDirectories(OUTPUT);
        Path results = OUTPUT.resolve("results.md");
        Files.deleteIfExists(results);
        try (Database database = Database.start(OUTPUT.resolve("postgresql"));
                Mails mails = Mails.start()) {
            Machine machine = new Machine(database, mails, quick, countOnly);
            for (String part : parts) {
                List<String> lines = benchmark(part, machine);
                lines.forEach(System.out::println);
                Files.write(results, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
    }

    private static List<String> benchmark(String part, Machine machine) throws Exception {
        List<String> lines = new ArrayList<>(List.of("", "## " + part, ""));
        lines.addAll(
                switch (part) {
                    case "a" -> new ApprovalCost(machine).run();
                    case "b" -> new HistoryCost(machine).run();
                    case "c" -> new PageCost(machine).run();
                    case "d" -> new SyncCost(machine).run();
                    case "e" -> new StartCost(machine).run();
                    case "f" -> new NodeCost(machine).run();
                    case "g" -> new PlainCost(machine).run();
                    default -> throw new IllegalArgumentException("There is no benchmark " + part);
                });
        return lines;
    }
}
