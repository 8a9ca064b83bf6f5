package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The stages that requests need, and who gets mail about them. */
@Command(
        name = "policy",
        description = "Shows an approval policy, and sets who is mailed about its requests.",
        subcommands = {PolicyCommand.Get.class, PolicyCommand.Notify.class})
final class PolicyCommand {

    /** The place of a policy. */
    abstract static class OnPolicy extends ServerCommand {

        @Parameters(
                index = "0",
                paramLabel = "KIND",
                description = "The kind of request, as approvals name it in entity_type.")
        private String kind;

        @Option(names = "--project", paramLabel = "PROJECT", description = "The project whose policy to use.")
        private Optional<String> project = Optional.empty();

        @Option(names = "--action", paramLabel = "ACTION", description = "Only for one action, such as create.")
        private Optional<String> action = Optional.empty();

        /**
         * The policy of the given project; without one, the platform's if it has one of that kind, else the
         * organization's.
         */
        final String path(Server server) {
            String ofPlatform = Server.path("policies", kind);
            String path = project.map(name -> Server.path("projects", name, "policies", kind))
                    .orElseGet(() -> server.has(ofPlatform)
                            ? ofPlatform
                            : Server.path("orgs", root().organization(server), "policies", kind));
            return path + action.map(name -> "?action=" + Server.escape(name)).orElse("");
        }

        final void show(JsonNode policy) {
            printTable(
                    List.of("STAGE", "NEEDS", "TEAM", "PEOPLE"),
                    policy.path("stages"),
                    stage -> List.of(
                            Text.field(stage, "order"),
                            Text.field(stage, "required_permission"),
                            Text.field(stage, "team_scope"),
                            Text.field(stage, "min_approvers")));
            printField("DISTINCT APPROVERS", Text.field(policy, "distinct_approvers"));
            printField("REMIND AFTER", Text.field(policy, "remind_after"));
            printField("ESCALATE AFTER", Text.field(policy, "escalate_after"));
            printField("ESCALATE TO", Text.field(policy, "escalate_to"));
            printField("VALID FOR", Text.field(policy, "valid_for"));
            printField("NOTIFY", policy.hasNonNull("notify") ? Text.field(policy, "notify") : "default");
        }
    }

    @Command(name = "get", description = "Shows the policy for a kind of request.")
    static final class Get extends OnPolicy {

        @Override
        public Integer call() {
            Server server = root().signedIn();
            return answer(server.get(path(server)), this::show);
        }
    }

    @Command(
            name = "notify",
            description = "Sets which of the possible deciders are mailed; the rest of the policy is unchanged.")
    static final class Notify extends OnPolicy {

        @Parameters(
                index = "1",
                paramLabel = "WHO",
                description = "all, team, last_deciders; or default: all, up to 50 people.")
        private String who;

        @Override
        public Integer call() {
            Server server = root().signedIn();
            String path = path(server);
            Server.Versioned present = server.getVersioned(path);
            ObjectNode policy = (ObjectNode) present.body();
            policy.put("notify", who.equals("default") ? null : who);
            return answer(server.put(path, policy, present.tag()), this::show);
        }
    }
}
