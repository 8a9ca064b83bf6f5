package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command that does something has at hand. */
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

    final void print(List<String> lines) {
        lines.forEach(this::print);
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
}
