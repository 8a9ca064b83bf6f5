package io.countersign.cli;

/** The exit codes; documented in docs/cli.md and in {@code --help}. */
final class ExitCode {

    static final int OK = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NOT_SIGNED_IN = 3;
    static final int UNREACHABLE = 4;
    static final int PARTIAL = 5;

    private ExitCode() {}
}
