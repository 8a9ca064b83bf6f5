package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The whole command line: what all commands share, their options and the connection to the server. */
@Command(
        name = "countersign",
        description = "Requests infrastructure and decides requests, on a Countersign server.",
        subcommands = {
            AuthCommand.class,
            WhoamiCommand.class,
            OrganizationCommand.class,
            LeaveCommand.class,
            InfrastructureCommand.class,
            ApprovalsCommand.class,
            PolicyCommand.class,
            DecideCommand.Approve.class,
            DecideCommand.Reject.class,
            AuditCommand.class,
            CompletionCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server refused, or the cluster did not reach the requested state",
            "2:incorrect usage",
            "3:not signed in",
            "4:the server cannot be reached",
            "5:an export is partial: its entries are as they were sealed, but it is not the whole trail"
        })
final class RootCommand {

    private static final String DEFAULT_SERVER = "http://localhost:8080";

    enum Format {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "text, or json: the server's answer.",
            defaultValue = "text")
    private Format format = Format.text;

    @Option(
            names = "--org",
            scope = ScopeType.INHERIT,
            paramLabel = "ORG",
            description = "The organization to work in (COUNTERSIGN_ORG; else the one chosen with 'org use').")
    private Optional<String> organization = Optional.empty();

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description =
                    "The server (COUNTERSIGN_SERVER; else the one you signed in to; else " + DEFAULT_SERVER + ").")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--insecure-http",
            scope = ScopeType.INHERIT,
            description =
                    "Send passwords and tokens to another machine over plain HTTP, readable by everyone in between.")
    private boolean insecureHttp;

    private final Terminal terminal;
    private final CredentialsFile credentials;

    RootCommand(Terminal terminal) {
        this.terminal = terminal;
        this.credentials = new CredentialsFile(CredentialsFile.locate(terminal));
    }

    Terminal terminal() {
        return terminal;
    }

    CredentialsFile credentials() {
        return credentials;
    }

    boolean json() {
        return format == Format.json;
    }

    /** @return the address of the selected server */
    String serverUrl() {
        return Server.parse(server.or(() -> terminal.variable("COUNTERSIGN_SERVER"))
                .or(credentials::currentServer)
                .orElse(DEFAULT_SERVER));
    }

    /** @return the server without a token; a password may be sent to it */
    Server anonymous() {
        return new Server(trusted(serverUrl()), Optional.empty());
    }

    /**
     * @return the server with the token of the person signed in
     * @throws Failure if nobody is signed in
     */
    Server signedIn() {
        String url = serverUrl();
        String token = terminal.variable("COUNTERSIGN_TOKEN")
                .or(() -> credentials.entry(url).map(CredentialsFile.Entry::token))
                .orElseThrow(() -> new Failure(
                        ExitCode.NOT_SIGNED_IN, "not signed in to " + url + "; run: countersign auth login"));
        return new Server(trusted(url), Optional.of(token));
    }

    /** @return the organization given or chosen, if any */
    Optional<String> chosenOrganization() {
        return organization
                .or(() -> terminal.variable("COUNTERSIGN_ORG"))
                .or(() -> credentials.entry(serverUrl()).flatMap(CredentialsFile.Entry::organization));
    }

    /**
     * @return the organization to work in: the one given or chosen, else the only one the person belongs to
     * @throws Failure if that leaves none or several
     */
    String organization(Server server) {
        return chosenOrganization().orElseGet(() -> {
            JsonNode organizations = server.all("orgs").path("items");
            if (organizations.size() == 1) {
                return organizations.path(0).path("id").asText();
            }
            throw new Failure(
                    ExitCode.USAGE,
                    organizations.isEmpty()
                            ? "you belong to no organization"
                            : "you belong to several organizations; choose one with --org or: countersign org use <org>");
        });
    }

    private String trusted(String url) {
        if (!insecureHttp && !Server.isPrivate(url)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "everyone between you and " + url
                            + " could read your password or token; use https, or --insecure-http if you accept that");
        }
        return url;
    }
}
