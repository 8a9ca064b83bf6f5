package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Organizations and their members. */
@Command(
        name = "org",
        description = "Lists and chooses organizations, adds and removes their members.",
        subcommands = {
            OrganizationCommand.ListAll.class,
            OrganizationCommand.Use.class,
            OrganizationCommand.AddUser.class,
            OrganizationCommand.RemoveUser.class
        })
final class OrganizationCommand {

    @Command(name = "list", description = "Lists your organizations; an asterisk marks the active one.")
    static final class ListAll extends ServerCommand {

        @Override
        public Integer call() {
            Server server = root().signedIn();
            JsonNode organizations = server.all("orgs");
            if (root().json()) {
                printJson(organizations);
                return ExitCode.OK;
            }
            Map<String, String> roles = new HashMap<>();
            for (JsonNode role : server.get("auth/me").path("memberships")) {
                if (role.path("scope_type").asText().equals("organization")) {
                    roles.put(role.path("scope").asText(), Text.field(role, "role"));
                }
            }
            JsonNode items = organizations.path("items");
            Optional<String> active = root().chosenOrganization()
                    .or(() -> items.size() == 1 ? Optional.of(Text.field(items.path(0), "id")) : Optional.empty());
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("", "ORGANIZATION", "NAME", "ROLE"));
            for (JsonNode organization : items) {
                String id = Text.field(organization, "id");
                rows.add(List.of(
                        active.filter(id::equals).isPresent() ? "*" : "",
                        id,
                        Text.field(organization, "name"),
                        roles.getOrDefault(id, "-")));
            }
            print(Text.table(rows));
            return ExitCode.OK;
        }
    }

    @Command(name = "use", description = "Chooses the organization to work in.")
    static final class Use extends ServerCommand {

        @Parameters(paramLabel = "ORG", description = "One of 'org list'.")
        private String organization;

        @Override
        public Integer call() {
            Server server = root().signedIn();
            for (JsonNode visible : server.all("orgs").path("items")) {
                if (visible.path("id").asText().equals(organization)) {
                    root().credentials().useOrganization(server.url(), organization);
                    print("Working in " + organization + " from now on.");
                    return ExitCode.OK;
                }
            }
            throw new Failure(ExitCode.REFUSED, "you belong to no organization " + organization);
        }
    }

    @Command(name = "add-user", description = "Adds a member, or changes their role.")
    static final class AddUser extends ServerCommand {

        @Parameters(paramLabel = "USER", description = "The person's user name.")
        private String user;

        @Option(names = "--role", required = true, description = "owner, admin, developer or viewer.")
        private String role;

        @Override
        public Integer call() {
            Server server = root().signedIn();
            String organization = root().organization(server);
            JsonNode member = server.put(
                    Server.path("orgs", organization, "members", user),
                    Json.object().put("role", role));
            if (root().json()) {
                printJson(member);
            } else {
                print(Text.clean(user) + " is " + Text.field(member, "role") + " of " + organization + ".");
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "remove-user", description = "Removes a member.")
    static final class RemoveUser extends ServerCommand {

        @Parameters(paramLabel = "USER", description = "The person's user name.")
        private String user;

        @Override
        public Integer call() {
            Server server = root().signedIn();
            String organization = root().organization(server);
            server.delete(Server.path("orgs", organization, "members", user));
            print(Text.clean(user) + " is no longer a member of " + organization + ".");
            return ExitCode.OK;
        }
    }
}
