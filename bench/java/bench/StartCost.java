package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** (e) From the start of the process to the first answer, on a database that exists, against an empty starter. */
final class StartCost {

    private final Machine machine;

    StartCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        machine.database().create("start_ours");
        machine.database().create("start_empty");
        machine.ours("start_ours").close();
        machine.empty("start_empty").close();
        List<Double> ours = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> oursProcessor = new ArrayList<>();
        List<Double> emptyProcessor = new ArrayList<>();
        List<Double> processorRatios = new ArrayList<>();
        long memory = 0;
        for (int i = 0; i < (machine.quick() ? 3 : 6); i++) {
            try (Server server = machine.empty("start_empty")) {
                empty.add(server.startSeconds());
                emptyProcessor.add(server.startProcessorSeconds());
            }
            try (Server server = machine.ours("start_ours")) {
                ours.add(server.startSeconds());
                oursProcessor.add(server.startProcessorSeconds());
                memory = server.residentMebibytes();
            }
            ratios.add(ours.get(i) / empty.get(i));
            processorRatios.add(oursProcessor.get(i) / emptyProcessor.get(i));
        }
        return List.of(
                String.format(
                        Locale.ROOT,
                        "(e) seconds from process start to serving: ours %s, empty starter %s; %.2f times; %d MiB resident",
                        Text.rates(ours),
                        Text.rates(empty),
                        Text.median(ratios),
                        memory),
                String.format(
                        Locale.ROOT,
                        "(e) seconds that processors spent on it: ours %s, empty starter %s; %.2f times",
                        Text.rates(oursProcessor),
                        Text.rates(emptyProcessor),
                        Text.median(processorRatios)));
    }
}
