package io.countersign.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.Principal;
import io.countersign.notification.Notifications;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What happened with a request, in order: what the trail says of it, and who was told. */
@Component
class Timeline {

    /** What an action is called, and its icon. The trail may hold others, which are named as they are. */
    private static final Map<String, String[]> WORDS = Map.ofEntries(
            Map.entry("submit", new String[] {"submitted the request", "send"}),
            Map.entry("approve", new String[] {"approved stage", "check-circle"}),
            Map.entry("reject", new String[] {"rejected the request in stage", "x-circle"}),
            Map.entry("take_back", new String[] {"took back the approval of stage", "arrow-counterclockwise"}),
            Map.entry("ask", new String[] {"asked the submitter for more information", "question-circle"}),
            Map.entry("answer", new String[] {"answered", "reply"}),
            Map.entry("withdraw_question", new String[] {"withdrew the question", "x"}),
            Map.entry("escalate", new String[] {"asked others too, since it waited so long, to decide stage", "bell"}),
            Map.entry(
                    "expire",
                    new String[] {"let the approval lapse, since it was not carried out in time", "hourglass-bottom"}),
            Map.entry("end_process", new String[] {"ended the process of the request", "x-octagon"}),
            Map.entry("cancel", new String[] {"cancelled the request", "slash-circle"}),
            Map.entry("comment", new String[] {"commented", "chat"}),
            Map.entry("refuse_decision", new String[] {"was refused a decision on stage", "slash-circle"}),
            Map.entry("refuse_cancel", new String[] {"was not let cancel it", "slash-circle"}),
            Map.entry("refuse_take_back", new String[] {"was not let take an approval back", "slash-circle"}),
            Map.entry("deploy", new String[] {"started the deployment", "rocket-takeoff"}),
            Map.entry("activate", new String[] {"reported the route as active", "check2-all"}),
            Map.entry("remove", new String[] {"reported the route as removed", "trash3"}),
            Map.entry("deploy_failed", new String[] {"could not deploy it", "exclamation-triangle"}),
            Map.entry("provision", new String[] {"started to provision the cluster", "arrow-repeat"}),
            Map.entry("running", new String[] {"reported the cluster as running", "check2-all"}),
            Map.entry("deleted", new String[] {"reported the cluster as deleted", "trash3"}),
            Map.entry("fail", new String[] {"could not carry it out", "exclamation-triangle"}),
            Map.entry("create", new String[] {"recorded the cluster", "plus-circle"}));

    private final AuditTrail trail;
    private final Notifications notifications;
    private final Show show;

    Timeline(AuditTrail trail, Notifications notifications, Show show) {
        this.trail = trail;
        this.notifications = notifications;
        this.show = show;
    }

    /**
     * One thing that happened.
     *
     * @param at when
     * @param icon an icon for it
     * @param who who did it, for people
     * @param what what they did, such as {@code approved stage 1}
     * @param where from where, such as {@code in the console}; null if there is nothing to say
     * @param text what they said, or why it failed; null if there is nothing to say
     */
    public record Event(Instant at, String icon, String who, String what, String where, String text) {}

    /** @return what happened with a request that the reader may see, oldest first */
    List<Event> of(Approval approval) {
        List<Event> events = new ArrayList<>();
        trail
                .ofApproval(
                        approval.entityType().wireName(),
                        approval.entityId(),
                        approval.id().toString())
                .stream()
                .map(this::event)
                .forEach(events::add);
        notifications.about(approval.id()).stream().map(this::event).forEach(events::add);
        events.sort(Comparator.comparing(Event::at));
        return events;
    }

    /**
     * @param action an action of the trail
     * @param details what the trail keeps of it
     * @return what was done, such as {@code approved stage 1}
     */
    static String what(String action, JsonNode details) {
        String words = words(action)[0];
        return words
                + (words.endsWith("stage") ? " " + details.path("stage").asInt() : "")
                + (details.path("override").asBoolean() ? ", overriding the rules" : "");
    }

    private static String[] words(String action) {
        return WORDS.getOrDefault(action, new String[] {"noted: " + Words.phrase(action), "dot"});
    }

    private Event event(AuditEntry entry) {
        JsonNode details = CanonicalJson.read(entry.details());
        Principal actor = Principal.recorded(entry.actorType(), entry.actor());
        return new Event(
                entry.at(),
                words(entry.action())[1],
                show.person(actor),
                what(entry.action(), details),
                actor.equals(Principal.SYSTEM) ? null : Words.origin(entry.origin()),
                details.hasNonNull("comment")
                        ? details.get("comment").asText()
                        : details.path("reason").asText(null));
    }

    private Event event(Notifications.Told told) {
        String state = told.waiting() > 0
                ? told.waiting() + " still to be sent"
                : told.sent() == 0 ? "not needed any more" : null;
        return new Event(
                told.at(),
                "envelope",
                "Countersign",
                (told.decisionOnStage().isPresent()
                                ? "asked " + show.people(told.people(), "and") + " to decide stage "
                                        + told.decisionOnStage().get()
                                : "told " + show.people(told.people(), "and"))
                        + (state == null ? "" : " (" + state + ")"),
                null,
                told.decisionOnStage().isPresent() ? null : told.subject());
    }
}
