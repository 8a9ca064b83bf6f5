package io.countersign.console.approvals;

import io.countersign.approval.Approval;
import io.countersign.approval.Audience;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.TeamScope;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.audit.AuditEntry;
import io.countersign.console.layout.Payload;
import io.countersign.console.layout.Presenter;
import io.countersign.console.layout.Words;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Words for requests on pages. Templates call it {@code @requests}. */
@Component("requests")
class RequestPresenter {

    private static final int GIST_CHANGES = 3;

    private final RequestKinds kinds;
    private final Presenter presenter;

    RequestPresenter(RequestKinds kinds, Presenter presenter) {
        this.kinds = kinds;
        this.presenter = presenter;
    }

    /** @return what is asked for, such as {@code Create cluster prod-eu} */
    public String title(Approval approval) {
        return Words.label(approval.action()) + " "
                + Words.phrase(approval.entityType().wireName()) + " " + approval.entityName();
    }

    /** @return an entity type's name for people */
    public String entity(EntityType type) {
        return Words.label(type.wireName());
    }

    /** @return the page of an approval's subject, or null if it has none */
    public String page(Approval approval) {
        return kinds.of(approval).page(approval).orElse(null);
    }

    /** @return the page of a thing that requests can ask for; null for any other subject of the trail */
    public String page(AuditEntry entry) {
        return kinds.find(entry.entityType())
                .flatMap(kind -> kind.page(Scope.parse(entry.scope()), entry.entityId(), entry.entityName()))
                .orElse(null);
    }

    /** @return what follows once the last stage of a request is approved */
    public String afterApproval(EntityType type) {
        return kinds.of(type).consequence().foretold();
    }

    /** @return the result of the reader's decision */
    public String outcome(Approval approval, DecisionKind kind) {
        String what = Words.phrase(approval.entityType().wireName()) + " " + approval.entityName();
        return switch (approval.status()) {
            case APPROVED ->
                "You approved " + what + ". " + kinds.of(approval).consequence().reached();
            case REJECTED -> "You rejected " + what + ". Its submitter is told why.";
            default ->
                kind == DecisionKind.APPROVE
                        ? "Your approval of " + what + " is recorded. More approvals are needed."
                        : "Your decision on " + what + " is recorded.";
        };
    }

    /** @return a request in one line: its first changes, or its effect */
    public String gist(Approval approval) {
        List<Payload.Difference> changes = Payload.of(approval).changes();
        if (changes.isEmpty()) {
            return kinds.of(approval).summary(CanonicalJson.read(approval.content()));
        }
        int more = changes.size() - GIST_CHANGES;
        return changes.stream()
                        .limit(GIST_CHANGES)
                        .map(change -> change.label() + ": " + (change.before() == null ? "not set" : change.before())
                                + " → " + (change.after() == null ? "removed" : change.after()))
                        .collect(Collectors.joining(" · "))
                + (more > 0 ? " · " + more + " more" : "");
    }

    /** @return the names of the fields without a value; null if all have one */
    public String unset(List<Payload.Field> fields) {
        String names = fields.stream()
                .filter(field -> "none".equals(field.text()))
                .map(Payload.Field::label)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? null : names;
    }

    /** @return what an approved request of a kind waits for */
    public String waitsToBeCarriedOut(EntityType type) {
        return kinds.of(type).consequence().awaited();
    }

    /** @return the team that a stage asks, or null if any team may decide */
    public String team(TeamScope scope) {
        return switch (scope) {
            case ANY -> null;
            case OTHER_TEAM -> "from another team than the submitter's";
            case SUBMITTER_TEAM -> "from the submitter's team";
        };
    }

    /** @return a policy's audience, in words */
    public String audience(Audience audience) {
        return switch (audience) {
            case ALL -> "everybody who may decide";
            case TEAM -> "those of the submitter's team who may decide";
            case LAST_DECIDERS -> "the ten who decided last";
        };
    }

    /** @return the verb of a decision in the past tense */
    public String decided(Decision decision) {
        return decision.kind() == DecisionKind.APPROVE ? "approved" : "rejected";
    }

    /**
     * @param open whether the stage takes decisions now, so that people were asked
     * @return who was asked to decide a stage, and who else may
     */
    public String deciders(DecisionRights.Deciders deciders, boolean open) {
        String others = presenter.people(deciders.others());
        if (deciders.asked().isEmpty()) {
            return (open ? "Nobody was told yet. " : "") + "May decide: " + others;
        }
        return "Asked: " + presenter.people(deciders.asked())
                + (deciders.others().isEmpty() ? "" : ". May decide, not told: " + others);
    }

    /** @return why a request is stuck, in a few words */
    public String stuck(Approval approval) {
        if (approval.processEnded()) {
            return "stuck: its process was ended, so it can only be cancelled";
        }
        return approval.nobodyTold() ? "stuck: nobody was told who may decide it" : "stuck: nobody can decide it";
    }

    /** @return the origin of a decision, such as {@code by the link in a mail} */
    public String origin(Decision decision) {
        return Words.origin(decision.origin());
    }
}
