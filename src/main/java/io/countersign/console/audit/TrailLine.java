package io.countersign.console.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.wording.Change;
import io.countersign.approval.wording.Wording;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditEntry;
import io.countersign.console.layout.Paths;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Words;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.util.List;

/**
 * An entry of the trail, formatted for people.
 *
 * @param entry the entry
 * @param changes what it changed, field by field
 * @param details its other details, field by field
 */
record TrailLine(AuditEntry entry, List<Payload.Difference> changes, List<Payload.Difference> details) {

    static TrailLine of(AuditEntry entry) {
        return new TrailLine(
                entry,
                entry.changes() ? differences(tree(entry.before()), tree(entry.after())) : List.of(),
                differences(null, tree(entry.details())));
    }

    /** @return what was done to what, such as {@code Approve cluster prod-eu} or {@code Sign in: user anna} */
    public String title() {
        String thing = Words.phrase(entry.entityType()) + " " + entry.entityName();
        AuditAction.Relation relation =
                AuditAction.find(entry.action()).map(AuditAction::relation).orElse(AuditAction.Relation.DONE_TO);
        String member = tree(entry.details()).path("user").asText(null);
        return Words.label(entry.action())
                + switch (relation) {
                    case DONE_TO -> " ";
                    case ABOUT -> ": ";
                    case OF_MEMBER -> member == null ? " " : ": " + member + " in ";
                }
                + thing;
    }

    /** @return who did it */
    public Principal actor() {
        return Principal.recorded(entry.actorType(), entry.actor());
    }

    /** @return whether the actor is a person, so that their user name appears beside their name */
    public boolean byPerson() {
        return actor().person().isPresent();
    }

    /** @return the scope it belongs to */
    public Scope scope() {
        return Scope.parse(entry.scope());
    }

    /** @return the comment or reason given, or null */
    public String remark() {
        JsonNode details = tree(entry.details());
        return details.path("comment").asText(details.path("reason").asText(null));
    }

    /** @return the approval that it belongs to, or null */
    public String approval() {
        return tree(entry.details()).path("approval_id").asText(null);
    }

    /** @return the subject's page, or null if it has none or is the subject of a request */
    public String page() {
        String scope = scope().id();
        return switch (entry.entityType()) {
            case "client" -> "/projects/" + scope + "/clients/" + entry.entityId();
            case "approval_policy" -> Paths.of(scope(), "policies");
            case "project" -> "/projects/" + entry.entityId();
            case "organization" -> "/orgs/" + entry.entityId() + "/infrastructure";
            case "user" -> "/people/" + entry.entityId();
            case "orchestrator" -> "/orchestrators/" + entry.entityId();
            default -> null;
        };
    }

    private static List<Payload.Difference> differences(JsonNode before, JsonNode after) {
        return Change.between(before, after).stream()
                .map(change -> new Payload.Difference(
                        Wording.label(change.field()), text(change.current()), text(change.proposed())))
                .toList();
    }

    private static String text(JsonNode value) {
        return value == null ? null : Wording.text(value);
    }

    private static JsonNode tree(String json) {
        return json == null ? null : CanonicalJson.read(json);
    }

    /** @return the origin, such as {@code in the console} */
    public String origin() {
        return Words.origin(entry.origin());
    }
}
