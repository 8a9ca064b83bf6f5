package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Watches a cluster being created, changed or deleted. */
@Command(name = "progress", description = "Watches a cluster.", subcommands = ProgressCommand.Stream.class)
final class ProgressCommand {

    @Command(
            name = "stream",
            description = "Prints each state of a cluster until it reaches a final one; also waits for a decision. "
                    + "Exits with 0 if that is RUNNING or DELETED, else with 1.")
    static final class Stream extends ServerCommand {

        private static final Set<String> GOOD_ENDS = Set.of("RUNNING", "DELETED");
        private static final Set<String> BAD_ENDS = Set.of("PROVISIONING_FAILED", "REJECTED");

        /** How long a server may be down, for example for an update, before watching stops. */
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = TimeConverter.class,
                description = "Give up after this time, such as 90s, 10m or 2h; without it, wait indefinitely.")
        private Optional<Duration> timeout = Optional.empty();

        @Option(
                names = "--interval",
                paramLabel = "TIME",
                converter = TimeConverter.class,
                defaultValue = "1s",
                description = "How often to ask the server (1s).")
        private Duration interval;

        private String lastLine = "";

        @Override
        public Integer call() {
            Server server = root().signedIn();
            Clusters clusters = new Clusters(server, root().organization(server));
            Optional<Instant> deadline =
                    timeout.map(time -> terminal().clock().instant().plus(time));
            JsonNode cluster = clusters.get(name);
            String before = "";
            while (true) {
                report(cluster);
                String state = Clusters.state(cluster);
                if (GOOD_ENDS.contains(state)) {
                    // A pending request that was cancelled also ends as DELETED; here, nobody asked for a deletion.
                    return state.equals("DELETED") && before.equals("APPROVAL_PENDING")
                            ? ExitCode.REFUSED
                            : ExitCode.OK;
                }
                if (BAD_ENDS.contains(state)) {
                    return ExitCode.REFUSED;
                }
                if (deadline.filter(end -> !terminal().clock().instant().isBefore(end))
                        .isPresent()) {
                    throw new Failure(ExitCode.REFUSED, "cluster " + name + " is still " + state);
                }
                before = state;
                pause();
                // A cluster that existed and no longer does has been deleted.
                cluster = patiently(clusters)
                        .orElseGet(() -> Json.object().put("name", name).put("status", "DELETED"));
            }
        }

        private Optional<JsonNode> patiently(Clusters clusters) {
            Instant end = terminal().clock().instant().plus(PATIENCE);
            while (true) {
                try {
                    return clusters.find(name);
                } catch (Failure e) {
                    boolean passing =
                            e.exitCode() == ExitCode.UNREACHABLE || e instanceof Refused refused && refused.passing();
                    if (!passing || terminal().clock().instant().isAfter(end)) {
                        throw e;
                    }
                    pause();
                }
            }
        }

        private void report(JsonNode cluster) {
            String line = Clusters.state(cluster);
            String reason = Text.field(cluster, "status_reason");
            String failure = Text.failure(cluster, terminal().clock().getZone());
            if (!failure.isEmpty()) {
                line += "  " + failure;
            } else if (!reason.isEmpty()) {
                line += "  " + reason;
            } else if (line.equals("APPROVAL_PENDING")) {
                line += "  waiting for the decision on approval " + Text.field(cluster, "approval_id");
            }
            if (line.equals(lastLine)) {
                return;
            }
            lastLine = line;
            if (root().json()) {
                print(cluster.toString());
            } else {
                print(DateTimeFormatter.ISO_OFFSET_TIME.format(terminal()
                                .clock()
                                .instant()
                                .atZone(terminal().clock().getZone())
                                .truncatedTo(ChronoUnit.SECONDS))
                        + "  " + line);
            }
        }

        private void pause() {
            try {
                Thread.sleep(interval.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure(ExitCode.REFUSED, "interrupted");
            }
        }
    }

    /** Reads {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d} and {@code 500ms}. */
    static final class TimeConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            var parts = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)").matcher(text);
            if (!parts.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time such as 90s, 10m or 2h");
            }
            long amount = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
    }
}
