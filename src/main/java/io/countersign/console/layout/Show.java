package io.countersign.console.layout;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Audience;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.TeamScope;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.Origin;
import io.countersign.cluster.ClusterStatus;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.RouteStatus;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.resilience.Node;
import io.countersign.tenant.OrchestratorStatus;
import io.countersign.tenant.TenantStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** How pages put things into words. Templates call it {@code @show}. */
@Component("show")
public class Show {

    /** Names the zone, so that a time cannot be misread; a script puts it into the reader's own words. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm zzz", Locale.ENGLISH);

    private static final String PEOPLE = Show.class.getName() + ".people";

    private static final int GIST_CHANGES = 3;

    private final People people;
    private final Appearance appearance;
    private final RequestKinds kinds;

    Show(People people, Appearance appearance, RequestKinds kinds) {
        this.people = people;
        this.appearance = appearance;
        this.kinds = kinds;
    }

    /**
     * A status as a coloured label.
     *
     * @param text its name for people
     * @param tone the style, such as {@code success}
     * @param icon the icon, as colour alone says nothing to some
     * @param code its name in the API
     */
    public record Badge(String text, String tone, String icon, String code) {}

    /** @return a person's name, or their id if nobody knows them any more */
    public String person(UserId id) {
        return known().computeIfAbsent(
                        id,
                        unknown -> people.find(unknown).map(Person::displayName).orElse(unknown.value()));
    }

    /** @return a person's name, or what kind of program it is and which */
    public String person(Principal principal) {
        return principal.inWords(this::person);
    }

    /** The names that this page has asked for already. */
    @SuppressWarnings("unchecked")
    private static Map<UserId, String> known() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request == null) {
            return new HashMap<>();
        }
        Object known = request.getAttribute(PEOPLE, RequestAttributes.SCOPE_REQUEST);
        if (known == null) {
            known = new HashMap<UserId, String>();
            request.setAttribute(PEOPLE, known, RequestAttributes.SCOPE_REQUEST);
        }
        return (Map<UserId, String>) known;
    }

    /** @return the names of some people, as they are spoken */
    public String people(List<UserId> ids) {
        return people(ids, "or");
    }

    /**
     * @param joint what stands before the last name, {@code or} or {@code and}
     * @return the names of some people, as they are spoken
     */
    public String people(List<UserId> ids, String joint) {
        List<String> names = ids.stream().map(this::person).toList();
        return switch (names.size()) {
            case 0 -> "nobody";
            case 1 -> names.get(0);
            case 2, 3, 4 ->
                names.stream().limit(names.size() - 1).collect(Collectors.joining(", ")) + " " + joint + " "
                        + names.get(names.size() - 1);
            default ->
                names.stream().limit(3).collect(Collectors.joining(", ")) + " " + joint
                        + (joint.equals("or") ? " one of " : " ") + (names.size() - 3) + " others";
        };
    }

    /**
     * @param open whether the stage takes decisions now, so that people were asked
     * @return who was asked to decide a stage, and who merely may
     */
    public String deciders(Approvals.Deciders deciders, boolean open) {
        String others = people(deciders.others());
        if (deciders.asked().isEmpty()) {
            return (open ? "Nobody was told yet. " : "") + "May decide: " + others;
        }
        return "Asked: " + people(deciders.asked())
                + (deciders.others().isEmpty() ? "" : ". May decide, not told: " + others);
    }

    /** @return why a request is stuck, in a few words */
    public String stuck(Approval approval) {
        if (approval.processEnded()) {
            return "stuck: its process was ended, so it can only be cancelled";
        }
        return approval.nobodyTold() ? "stuck: nobody was told who may decide it" : "stuck: nobody can decide it";
    }

    /** @return a time to the minute, in the reader's zone as far as it is known */
    public String time(Instant time) {
        ZoneId zone = appearance.zone();
        return TIME.withZone(zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone)
                .format(time);
    }

    /** @return what would happen to an object of the outside world */
    public Badge badge(ObjectChange.Kind change) {
        return switch (change) {
            case CREATE -> new Badge("New", "success", "plus-lg", change.wireName());
            case UPDATE -> new Badge("Changed", "waiting", "pencil", change.wireName());
            case REMOVE -> new Badge("Removed", "danger", "trash3", change.wireName());
            case NONE -> new Badge("Unchanged", "quiet", "dash-lg", change.wireName());
            case UNKNOWN -> new Badge("Not compared", "danger", "question-lg", change.wireName());
            case REFUSED -> new Badge("Refused", "danger", "slash-circle", change.wireName());
        };
    }

    /** @return how far an approval is */
    public Badge badge(ApprovalStatus status) {
        return switch (status) {
            case PENDING -> new Badge("Pending", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
            case CANCELLED -> new Badge("Cancelled", "quiet", "slash-circle", status.wireName());
        };
    }

    /** @return what a cluster is at */
    public Badge badge(ClusterStatus status) {
        return switch (status) {
            case APPROVAL_PENDING -> new Badge("Pending Approval", "waiting", "hourglass-split", status.name());
            case PROVISIONING -> new Badge("Provisioning", "busy", "arrow-repeat", status.name());
            case RUNNING -> new Badge("Running", "success", "check-circle-fill", status.name());
            case PROVISIONING_FAILED -> new Badge("Failed", "danger", "exclamation-triangle-fill", status.name());
            case UPDATING -> new Badge("Updating", "busy", "arrow-repeat", status.name());
            case DELETING -> new Badge("Deleting", "busy", "arrow-repeat", status.name());
            case DELETED -> new Badge("Deleted", "quiet", "trash3", status.name());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.name());
        };
    }

    /** @return how far a route is */
    public Badge badge(RouteStatus status) {
        return switch (status) {
            case PENDING_CREATE -> new Badge("Pending creation", "waiting", "hourglass-split", status.wireName());
            case PENDING_UPDATE -> new Badge("Pending update", "waiting", "hourglass-split", status.wireName());
            case PENDING_DELETE -> new Badge("Pending deletion", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "info", "check2", status.wireName());
            case PENDING_DEPLOY -> new Badge("Deploying", "busy", "arrow-repeat", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
        };
    }

    /** @return where a tenant is in its life */
    public Badge badge(TenantStatus status) {
        return switch (status) {
            case PENDING_APPROVAL -> new Badge("Pending approval", "waiting", "hourglass-split", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case SUSPENDED -> new Badge("Suspended", "danger", "ban", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
        };
    }

    /** @return how far an attachment is */
    public Badge badge(AttachmentStatus status) {
        return switch (status) {
            case PENDING_ATTACH -> new Badge("Pending attachment", "waiting", "hourglass-split", status.wireName());
            case PENDING_DETACH -> new Badge("Pending detachment", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "info", "check2", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
            case REMOVED -> new Badge("Removed", "quiet", "slash-circle", status.wireName());
        };
    }

    /** @return whether an orchestrator may still call */
    public Badge badge(OrchestratorStatus status) {
        return switch (status) {
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case DEPROVISIONED -> new Badge("Deprovisioned", "quiet", "slash-circle", status.wireName());
        };
    }

    /** @return what an instance is doing */
    public Badge badge(Node.State state) {
        return switch (state) {
            case RUNNING -> new Badge("Running", "success", "check-circle-fill", state.wireName());
            case DRAINING -> new Badge("Stopping", "busy", "arrow-repeat", state.wireName());
            case SILENT -> new Badge("Silent", "danger", "exclamation-triangle-fill", state.wireName());
        };
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

    /** @return where an approval's thing has a page, or null if it has none */
    public String page(Approval approval) {
        return kinds.of(approval).page(approval).orElse(null);
    }

    /** @return where a thing that requests ask for has a page; null for any other that the trail is about */
    public String page(AuditEntry entry) {
        return kinds.find(entry.entityType())
                .flatMap(kind -> kind.page(Scope.parse(entry.scope()), entry.entityId(), entry.entityName()))
                .orElse(null);
    }

    /** @return what follows once the last stage of a request is approved */
    public String afterApproval(EntityType type) {
        return kinds.of(type).consequence().foretold();
    }

    /** @return what a decision of the reader's has led to */
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

    /** @return the gist of a request in one line: its first changes, or what it would bring about */
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

    /** @return the names of the fields that have no value; null if all have one */
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

    /** @return a scope as it is spoken, such as {@code organization acme} */
    public String scope(Scope scope) {
        return scope.equals(Scope.PLATFORM) ? "the platform" : scope.type().wireName() + " " + scope.id();
    }

    /** @return whose team a stage asks, or null if any team may decide */
    public String team(TeamScope scope) {
        return switch (scope) {
            case ANY -> null;
            case OTHER_TEAM -> "from another team than the submitter's";
            case SUBMITTER_TEAM -> "from the submitter's team";
        };
    }

    /** @return who is asked to decide, as a policy says */
    public String audience(Audience audience) {
        return switch (audience) {
            case ALL -> "everybody who may decide";
            case TEAM -> "those of the submitter's team who may decide";
            case LAST_DECIDERS -> "the ten who decided last";
        };
    }

    /** @return the verb of a decision in the past */
    public String decided(Decision decision) {
        return decision.kind() == DecisionKind.APPROVE ? "approved" : "rejected";
    }

    /** @return {@code approval_policy} as {@code Approval policy} */
    public String label(String name) {
        return Words.label(name);
    }

    /** @return {@code approval_policy} as {@code approval policy} */
    public String phrase(String name) {
        return Words.phrase(name);
    }

    /** @return a duration as people say it, or a dash if there is none */
    public String duration(Optional<Duration> duration) {
        return duration.map(Words::duration).orElse("–");
    }

    /** @return a way in, as people call it */
    public String origin(Origin origin) {
        return switch (origin) {
            case CONSOLE -> "Console";
            case MAIL -> "Mail";
            case TASKLIST -> "Tasklist";
            case ENGINE_REST -> "engine-rest";
            case API -> "API";
            case SYSTEM -> "Engine job";
        };
    }

    /** @return from where a decision came, such as {@code by the link in a mail} */
    public String origin(Decision decision) {
        return Words.origin(decision.origin());
    }
}
