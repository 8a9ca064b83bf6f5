package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command that calls a server shares. */
abstract class ServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** @return one of {@link ExitCode} */
    @Override
    public abstract Integer call();

    final RootCommand root() {
        return (RootCommand) spec.root().userObject();
    }

    final Terminal terminal() {
        return root().terminal();
    }

    final void print(String line) {
        terminal().out().println(line);
    }

    /** Prints a {@code NAME: value} line, unless there is no value. */
    final void printField(String name, String value) {
        if (!value.isEmpty()) {
            print(name + ": " + value);
        }
    }

    final void printJson(JsonNode document) {
        print(Json.pretty(document));
    }

    /**
     * Prints the server's answer: as is for programs, in words for people.
     *
     * @param words prints it for people
     * @return the exit code
     */
    final int answer(JsonNode answer, Consumer<JsonNode> words) {
        if (root().json()) {
            printJson(answer);
        } else {
            words.accept(answer);
        }
        return ExitCode.OK;
    }

    /**
     * Prints a list as a table, with a column for failures if there are any.
     *
     * @param headings one for each column
     * @param row the cells of an item
     */
    final void printTable(List<String> headings, JsonNode items, Function<JsonNode, List<String>> row) {
        List<List<String>> rows = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        rows.add(headings);
        failures.add("FAILURE");
        for (JsonNode item : items) {
            rows.add(row.apply(item));
            failures.add(Text.failure(item, terminal().clock().getZone()));
        }
        if (failures.stream().skip(1).anyMatch(failure -> !failure.isEmpty())) {
            for (int i = 0; i < rows.size(); i++) {
                rows.set(
                        i,
                        Stream.concat(rows.get(i).stream(), Stream.of(failures.get(i)))
                                .toList());
            }
        }
        Text.table(rows).forEach(this::print);
    }
}
