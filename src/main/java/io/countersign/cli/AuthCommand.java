package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Signing in and out. */
@Command(
        name = "auth",
        description = "Signs in and out.",
        subcommands = {AuthCommand.Login.class, AuthCommand.Logout.class})
final class AuthCommand {

    @Command(name = "login", description = "Signs in and stores the token.")
    static final class Login extends ServerCommand {

        @Option(
                names = {"-u", "--username"},
                paramLabel = "USER",
                description = "The user name; prompted for if missing.")
        private Optional<String> username = Optional.empty();

        @Option(
                names = "--password-stdin",
                description = "Read the password from standard input. There is no option for the password itself: "
                        + "others on the machine could read it.")
        private boolean passwordFromInput;

        @Override
        public Integer call() {
            Server server = root().anonymous();
            String user = username.orElseGet(() -> person("--username").ask("Username: "));
            String password = passwordFromInput
                    ? readPassword()
                    : person("--password-stdin").askSecret("Password: ");
            ObjectNode credentials = Json.object().put("username", user).put("password", password);
            JsonNode issued = server.post("auth/login", credentials);
            String expiry = Text.field(issued, "expires_at");
            root().credentials().signIn(server.url(), user, issued.path("token").asText(), expiry);
            if (root().json()) {
                // Everything but the token: output ends up in logs.
                printJson(Json.object()
                        .put("server", server.url())
                        .put("username", user)
                        .put("expires_at", expiry));
            } else {
                print("Signed in to " + server.url() + " as " + Text.clean(user) + " until " + expiry + ".");
            }
            if (terminal().variable("COUNTERSIGN_TOKEN").isPresent()) {
                terminal().err().println("note: COUNTERSIGN_TOKEN is set and takes precedence over the stored token");
            }
            return ExitCode.OK;
        }

        private Terminal.Person person(String option) {
            return terminal()
                    .person()
                    .orElseThrow(() -> new Failure(ExitCode.USAGE, "there is no terminal to prompt at; use " + option));
        }

        private String readPassword() {
            try {
                String line =
                        new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8)).readLine();
                if (line != null && !line.isEmpty()) {
                    return line;
                }
            } catch (IOException e) {
                throw new Failure(ExitCode.USAGE, "cannot read the password: " + e.getMessage());
            }
            throw new Failure(ExitCode.USAGE, "standard input contains no password");
        }
    }

    @Command(name = "logout", description = "Withdraws the stored token and forgets it.")
    static final class Logout extends ServerCommand {

        @Override
        public Integer call() {
            String url = root().serverUrl();
            Optional<CredentialsFile.Entry> entry = root().credentials().entry(url);
            if (entry.isEmpty()) {
                print("Not signed in to " + url + ".");
                return ExitCode.OK;
            }
            root().credentials().signOut(url);
            try {
                new Server(url, Optional.of(entry.get().token())).post("auth/logout", Json.object());
            } catch (Refused e) {
                if (e.exitCode() != ExitCode.NOT_SIGNED_IN) {
                    throw e;
                }
                // The token has expired or was revoked already, which is the goal.
            }
            print("Signed out of " + url + ".");
            return ExitCode.OK;
        }
    }
}
