package io.countersign.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's entry point. Plain Java: loads only what a command needs. */
public final class Main {

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code (docs/cli.md).
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        int exitCode = run(Terminal.ofProcess(), arguments);
        SharedArchive.discardIfStale();
        System.exit(exitCode);
    }

    /** @return one of {@link ExitCode} */
    static int run(Terminal terminal, String... arguments) {
        RootCommand root;
        try {
            root = new RootCommand(terminal);
        } catch (Failure e) {
            return report(terminal.err(), e);
        }
        int exitCode = new CommandLine(root)
                .setOut(terminal.out())
                .setErr(terminal.err())
                // A reason that starts with @ is text, not the name of a file with more arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, given) -> misused(terminal.err(), e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, e))
                .execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return exitCode;
    }

    private static int misused(PrintWriter err, ParameterException e) {
        CommandLine command = e.getCommandLine();
        err.println("error: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        if (command.getSubcommands().isEmpty()) {
            err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        } else {
            command.usage(err);
        }
        return ExitCode.USAGE;
    }

    private static int failed(Terminal terminal, Exception e) {
        if (e instanceof Failure failure) {
            return report(terminal.err(), failure);
        }
        terminal.err().println("error: internal error: " + e);
        if (terminal.variable("COUNTERSIGN_DEBUG").isPresent()) {
            e.printStackTrace(terminal.err());
        }
        return ExitCode.REFUSED;
    }

    private static int report(PrintWriter err, Failure failure) {
        err.println("error: " + failure.getMessage());
        failure.details().forEach(detail -> err.println("  " + detail));
        return failure.exitCode();
    }
}
