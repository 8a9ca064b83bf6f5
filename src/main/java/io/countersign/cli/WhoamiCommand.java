package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

@Command(name = "whoami", description = "Shows who is signed in where, and with which roles.")
final class WhoamiCommand extends ServerCommand {

    @Override
    public Integer call() {
        Server server = root().signedIn();
        return answer(server.get("auth/me"), me -> show(server, me));
    }

    private void show(Server server, JsonNode me) {
        printField("USER", Text.field(me, "id"));
        printField("NAME", Text.field(me, "display_name"));
        printField("EMAIL", Text.field(me, "email"));
        printField("SERVER", server.url());
        activeOrganization(me).ifPresent(active -> printField("ORGANIZATION", active));
        for (JsonNode role : me.path("memberships")) {
            String team = Text.field(role, "team");
            print("ROLE: " + Text.field(role, "role") + " of " + Text.field(role, "scope_type") + " "
                    + Text.field(role, "scope") + (team.isEmpty() ? "" : ", team " + team));
        }
        if (me.path("superadmin").asBoolean()) {
            print("ROLE: superadmin");
        }
    }

    private Optional<String> activeOrganization(JsonNode me) {
        return root().chosenOrganization().or(() -> {
            var organizations = StreamSupport.stream(me.path("memberships").spliterator(), false)
                    .filter(role -> role.path("scope_type").asText().equals("organization"))
                    .map(role -> Text.field(role, "scope"))
                    .toList();
            return organizations.size() == 1 ? Optional.of(organizations.get(0)) : Optional.empty();
        });
    }
}
