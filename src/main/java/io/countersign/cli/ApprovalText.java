package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An approval, formatted for people. */
final class ApprovalText {

    private final Consumer<String> out;
    private final ZoneId zone;

    /** @param zone the zone for times */
    ApprovalText(Consumer<String> out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
    }

    /** @return the request in a few words: {@code create cluster prod-eu} */
    static String title(JsonNode approval) {
        return Text.field(approval, "action") + " "
                + Text.field(approval, "entity_type").replace('_', ' ') + " " + Text.field(approval, "entity_name");
    }

    void show(JsonNode approval) {
        field("REQUEST", title(approval));
        field("APPROVAL", Text.field(approval, "id"));
        field("STATUS", Text.field(approval, "status"));
        field("STUCK", Text.field(approval, "stuck_reason"));
        field("FAILURE", Text.failure(approval, zone));
        if (approval.path("asked").isEmpty() && !approval.path("may_decide").isEmpty()) {
            field("ASKED", "nobody was notified yet");
        }
        field("ASKED", names(approval.path("asked")));
        field("MAY DECIDE", names(approval.path("may_decide")));
        field("NOTIFY", Text.field(approval.path("patience"), "notify"));
        field("SUBMITTER", Text.principal(approval, "submitter"));
        field("SUBMITTED AT", Text.field(approval, "submitted_at"));
        for (JsonNode risk : approval.path("risks")) {
            field("TO KNOW", Text.field(risk, "text") + " (" + Text.field(risk, "at") + ")");
        }
        for (JsonNode stage : approval.path("stages")) {
            stage(stage);
        }
        if (approval.hasNonNull("content")) {
            out.accept("CONTENT:");
            for (String line : Json.pretty(approval.path("content")).split("\\R")) {
                out.accept("  " + Text.clean(line));
            }
        }
        field("CONTENT HASH", Text.field(approval, "content_hash"));
    }

    private void stage(JsonNode stage) {
        String decidedBy = Text.field(stage, "decided_by");
        String comment = Text.field(stage, "comment");
        field(
                "STAGE " + Text.field(stage, "order"),
                Text.field(stage, "status")
                        + (decidedBy.isEmpty()
                                ? ", needs " + Text.field(stage, "required_permission") + " of team "
                                        + Text.field(stage, "team_scope")
                                : ", decided by " + decidedBy)
                        + (comment.isEmpty() ? "" : ": " + comment));
    }

    private static String names(JsonNode people) {
        return StreamSupport.stream(people.spliterator(), false)
                .map(person -> Text.clean(person.asText()))
                .collect(Collectors.joining(", "));
    }

    private void field(String name, String value) {
        if (!value.isEmpty()) {
            out.accept(name + ": " + value);
        }
    }
}
