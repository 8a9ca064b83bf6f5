package io.countersign.console.approvals;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.AuditTrail;
import io.countersign.console.layout.Presenter;
import io.countersign.console.layout.Words;
import io.countersign.identity.Principal;
import io.countersign.notification.outbox.Notifications;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A request's history, in order: its entries in the trail, and who was notified. */
@Component
public class Timeline {

    private static final String OTHER_ICON = "dot";

    private static final Map<AuditAction, String> ICONS = Map.ofEntries(
            Map.entry(AuditAction.SUBMIT, "send"),
            Map.entry(AuditAction.APPROVE, "check-circle"),
            Map.entry(AuditAction.REJECT, "x-circle"),
            Map.entry(AuditAction.TAKE_BACK, "arrow-counterclockwise"),
            Map.entry(AuditAction.ASK, "question-circle"),
            Map.entry(AuditAction.ANSWER, "reply"),
            Map.entry(AuditAction.WITHDRAW_QUESTION, "x"),
            Map.entry(AuditAction.ESCALATE, "bell"),
            Map.entry(AuditAction.EXPIRE, "hourglass-bottom"),
            Map.entry(AuditAction.END_PROCESS, "x-octagon"),
            Map.entry(AuditAction.CANCEL, "slash-circle"),
            Map.entry(AuditAction.COMMENT, "chat"),
            Map.entry(AuditAction.REFUSE_DECISION, "slash-circle"),
            Map.entry(AuditAction.REFUSE_CANCEL, "slash-circle"),
            Map.entry(AuditAction.REFUSE_TAKE_BACK, "slash-circle"),
            Map.entry(AuditAction.DEPLOY, "rocket-takeoff"),
            Map.entry(AuditAction.ACTIVATE, "check2-all"),
            Map.entry(AuditAction.REMOVE, "trash3"),
            Map.entry(AuditAction.DEPLOY_FAILED, "exclamation-triangle"),
            Map.entry(AuditAction.PROVISION, "arrow-repeat"),
            Map.entry(AuditAction.RUNNING, "check2-all"),
            Map.entry(AuditAction.DELETED, "trash3"),
            Map.entry(AuditAction.FAIL, "exclamation-triangle"),
            Map.entry(AuditAction.CREATE, "plus-circle"));

    private final AuditTrail trail;
    private final Notifications notifications;
    private final Presenter presenter;

    Timeline(AuditTrail trail, Notifications notifications, Presenter presenter) {
        this.trail = trail;
        this.notifications = notifications;
        this.presenter = presenter;
    }

    /**
     * One event.
     *
     * @param at when
     * @param icon its icon
     * @param who the actor's display name
     * @param what what they did, such as {@code approved stage 1}
     * @param where the origin, such as {@code in the console}; null if not worth showing
     * @param text their comment, or why it failed; null if there is none
     */
    public record Event(Instant at, String icon, String who, String what, String where, String text) {}

    /** @return the history of a request that the reader may see, oldest first */
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
     * @param details the trail's details of it
     * @return what was done, such as {@code approved stage 1}
     */
    public static String what(String action, JsonNode details) {
        String words =
                AuditAction.find(action).map(AuditAction::words).orElseGet(() -> "noted: " + Words.phrase(action));
        return words
                + (words.endsWith("stage") ? " " + details.path("stage").asInt() : "")
                + (details.path("override").asBoolean() ? ", overriding the rules" : "");
    }

    private static String icon(String action) {
        return AuditAction.find(action).map(ICONS::get).orElse(OTHER_ICON);
    }

    private Event event(AuditEntry entry) {
        JsonNode details = CanonicalJson.read(entry.details());
        Principal actor = Principal.recorded(entry.actorType(), entry.actor());
        return new Event(
                entry.at(),
                icon(entry.action()),
                presenter.person(actor),
                what(entry.action(), details),
                actor.equals(Principal.SYSTEM) ? null : Words.origin(entry.origin()),
                details.hasNonNull("comment")
                        ? details.get("comment").asText()
                        : details.path("reason").asText(null));
    }

    private Event event(Notifications.Told told) {
        String state = told.waiting() > 0
                ? told.waiting() + " still to be sent"
                : told.sent() == 0 ? "no longer needed" : null;
        return new Event(
                told.at(),
                "envelope",
                "Countersign",
                (told.decisionOnStage().isPresent()
                                ? "asked " + presenter.people(told.people(), "and") + " to decide stage "
                                        + told.decisionOnStage().get()
                                : "told " + presenter.people(told.people(), "and"))
                        + (state == null ? "" : " (" + state + ")"),
                null,
                told.decisionOnStage().isPresent() ? null : told.subject());
    }
}
