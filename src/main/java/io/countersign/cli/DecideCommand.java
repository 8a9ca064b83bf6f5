package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Decides a request after showing it. The command sends the server what it showed, and the server accepts nothing else.
 */
abstract class DecideCommand extends ServerCommand {

    enum Decision {
        APPROVE("approve", "approved"),
        REJECT("reject", "rejected");

        private final String path;
        private final String done;

        Decision(String path, String done) {
            this.path = path;
            this.done = done;
        }
    }

    @Option(
            names = "--content-hash",
            paramLabel = "SHA256",
            description = "Decide only if the request still has the content with this hash.")
    private Optional<String> seenHash = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask for confirmation. Scripts are never asked.")
    private boolean sure;

    @Command(name = "approve", description = "Approves a request of any kind.")
    static final class Approve extends DecideCommand {

        @Parameters(paramLabel = "APPROVAL", description = "Its id, as shown by 'approvals list'.")
        private String approval;

        @Option(names = "--comment", description = "A reason or condition.")
        private Optional<String> comment = Optional.empty();

        @Override
        public Integer call() {
            return decide(root().signedIn(), approval, Decision.APPROVE, comment);
        }
    }

    @Command(name = "reject", description = "Rejects a request of any kind.")
    static final class Reject extends DecideCommand {

        @Parameters(paramLabel = "APPROVAL", description = "Its id, as shown by 'approvals list'.")
        private String approval;

        @Option(names = "--reason", required = true, description = "The reason, shown to the requester.")
        private String reason;

        @Override
        public Integer call() {
            return decide(root().signedIn(), approval, Decision.REJECT, Optional.of(reason));
        }
    }

    final int decide(Server server, String approvalId, Decision decision, Optional<String> comment) {
        String path = Server.path("approvals", approvalId);
        JsonNode approval = server.get(path);
        String stage = openStage(approval)
                .orElseThrow(() -> new Failure(
                        ExitCode.REFUSED,
                        "there is nothing left to decide: " + ApprovalText.title(approval) + " is "
                                + Text.field(approval, "status")));
        if (!root().json()) {
            new ApprovalText(this::print, terminal().clock().getZone()).show(approval);
            confirm(decision);
        }
        ObjectNode body = Json.object();
        comment.ifPresent(text -> body.put("comment", text));
        body.put("content_hash", seenHash.orElseGet(() -> Text.field(approval, "content_hash")));
        return answer(
                server.post(path + "/" + Server.path("stages", stage, decision.path), body),
                decided -> tell(decision, Text.field(decided, "status")));
    }

    private void tell(Decision decision, String status) {
        print("You " + decision.done + " it."
                + (status.equals(decision.done) ? "" : " The request is " + status + ": more approvals are needed."));
    }

    private void confirm(Decision decision) {
        if (sure) {
            return;
        }
        terminal().person().ifPresent(person -> {
            if (!person.ask("Really " + decision.path + " this? [y/N] ").matches("(?i)y|yes")) {
                throw new Failure(ExitCode.REFUSED, "not confirmed; nothing was decided");
            }
        });
    }

    private static Optional<String> openStage(JsonNode approval) {
        if (approval.path("status").asText().equals("pending")) {
            for (JsonNode stage : approval.path("stages")) {
                if (stage.path("status").asText().equals("pending")) {
                    return Optional.of(stage.path("id").asText());
                }
            }
        }
        return Optional.empty();
    }
}
