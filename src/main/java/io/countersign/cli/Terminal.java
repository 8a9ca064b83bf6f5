package io.countersign.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of one run of the command line.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param environment the environment variables
 * @param person the interactive user, if any
 * @param clock for ages and times
 */
record Terminal(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Optional<Person> person,
        Clock clock) {

    /** A person who can be prompted. */
    interface Person {

        /** @return the answer; empty at end of input */
        String ask(String question);

        /** @return the answer, which is not echoed; empty at end of input */
        String askSecret(String question);
    }

    static Terminal ofProcess() {
        Console console = System.console();
        // A screen has its own encoding; a pipe or file gets UTF-8 whatever the locale, because JSON requires it.
        Charset charset = console == null ? StandardCharsets.UTF_8 : console.charset();
        return new Terminal(
                System.in,
                writer(FileDescriptor.out, charset),
                writer(FileDescriptor.err, charset),
                System.getenv(),
                Optional.ofNullable(console).map(ConsolePerson::new),
                Clock.systemDefaultZone());
    }

    /** @return the variable, unless it is unset or empty */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private static PrintWriter writer(FileDescriptor descriptor, Charset charset) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), charset), true);
    }

    private record ConsolePerson(Console console) implements Person {

        @Override
        public String ask(String question) {
            String answer = console.readLine("%s", question);
            return answer == null ? "" : answer.strip();
        }

        @Override
        public String askSecret(String question) {
            char[] answer = console.readPassword("%s", question);
            return answer == null ? "" : new String(answer);
        }
    }
}
