package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests of all kinds, pending and closed. */
@Command(
        name = "approvals",
        description = "Lists and shows requests for approval.",
        subcommands = {ApprovalsCommand.ListAll.class, ApprovalsCommand.Get.class})
final class ApprovalsCommand {

    @Command(name = "list", description = "Lists the requests that you may see, newest first.")
    static final class ListAll extends ServerCommand {

        @Option(names = "--decidable", description = "Only requests that you may decide.")
        private boolean decidable;

        @Option(
                names = "--status",
                defaultValue = "pending",
                description = "pending (the default), approved, rejected, cancelled, or all.")
        private String status;

        @Override
        public Integer call() {
            JsonNode approvals = root().signedIn()
                    .all("approvals?decidable=" + decidable
                            + (status.equals("all") ? "" : "&status=" + Server.escape(status)));
            return answer(approvals, this::list);
        }

        private void list(JsonNode approvals) {
            Instant now = terminal().clock().instant();
            printTable(
                    List.of("APPROVAL", "REQUEST", "SCOPE", "STATUS", "SUBMITTER", "AGE"),
                    approvals.path("items"),
                    approval -> List.of(
                            Text.field(approval, "id"),
                            ApprovalText.title(approval),
                            Text.field(approval, "scope"),
                            Text.field(approval, "status")
                                    + (approval.path("stuck").asBoolean() ? " (stuck)" : ""),
                            Text.principal(approval, "submitter"),
                            Text.age(Text.field(approval, "submitted_at"), now)));
        }
    }

    @Command(name = "get", description = "Shows a request with its content and stages.")
    static final class Get extends ServerCommand {

        @Parameters(paramLabel = "APPROVAL", description = "Its id, as shown by 'approvals list'.")
        private String approval;

        @Override
        public Integer call() {
            return answer(
                    root().signedIn().get(Server.path("approvals", approval)),
                    new ApprovalText(this::print, terminal().clock().getZone())::show);
        }
    }
}
