package io.countersign.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends the person's own membership, even one that they never asked for. */
@Command(name = "leave", description = "Leaves an organization or project.")
final class LeaveCommand extends ServerCommand {

    @Parameters(paramLabel = "SCOPE", description = "organization:<id> or project:<id>, as shown by 'whoami'.")
    private String scope;

    @Override
    public Integer call() {
        String[] parts = scope.split(":", 2);
        String list = switch (parts[0]) {
            case "organization" -> "orgs";
            case "project" -> "projects";
            default -> "";
        };
        if (list.isEmpty() || parts.length < 2 || parts[1].isEmpty()) {
            throw new Failure(ExitCode.USAGE, "the scope must be organization:<id> or project:<id>");
        }
        Server server = root().signedIn();
        String me = Text.field(server.get("auth/me"), "id");
        server.delete(Server.path(list, parts[1], "members", me));
        print("You are no longer a member of " + parts[0] + " " + Text.clean(parts[1]) + ".");
        return ExitCode.OK;
    }
}
