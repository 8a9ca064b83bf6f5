package io.countersign.cli;

import java.util.List;

/** Ends a command with one clear line for the person and an exit code for scripts. */
class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> details;

    /**
     * @param exitCode one of {@link ExitCode}
     * @param message one line, without "error:"
     * @param details further lines, such as the invalid fields
     */
    Failure(int exitCode, String message, List<String> details) {
        super(message);
        this.exitCode = exitCode;
        this.details = List.copyOf(details);
    }

    Failure(int exitCode, String message) {
        this(exitCode, message, List.of());
    }

    int exitCode() {
        return exitCode;
    }

    List<String> details() {
        return details;
    }
}
