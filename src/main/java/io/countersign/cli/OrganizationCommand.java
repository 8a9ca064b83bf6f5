package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
            return answer(organizations, all -> list(server, all.path("items")));
        }

        private void list(Server server, JsonNode organizations) {
            Map<String, String> roles = new HashMap<>();
            for (JsonNode role : server.get("auth/me").path("memberships")) {
                if (role.path("scope_type").asText().equals("organization")) {
                    roles.put(role.path("scope").asText(), Text.field(role, "role"));
                }
            }
            Optional<String> active = root().chosenOrganization()
                    .or(() -> organizations.size() == 1
                            ? Optional.of(Text.field(organizations.path(0), "id"))
                            : Optional.empty());
            printTable(List.of("", "ORGANIZATION", "NAME", "ROLE"), organizations, organization -> {
                String id = Text.field(organization, "id");
                return List.of(
                        active.filter(id::equals).isPresent() ? "*" : "",
                        id,
                        Text.field(organization, "name"),
                        roles.getOrDefault(id, "-"));
            });
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
            return answer(
                    member,
                    set -> print(Text.clean(user) + " is " + Text.field(set, "role") + " of " + organization + "."));
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
