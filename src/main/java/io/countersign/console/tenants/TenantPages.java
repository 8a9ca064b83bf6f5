package io.countersign.console.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.AuditFilter;
import io.countersign.audit.AuditTrail;
import io.countersign.console.approvals.Timeline;
import io.countersign.console.layout.Submission;
import io.countersign.console.layout.Words;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Principal;
import io.countersign.identity.UserId;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.TenantStatus;
import io.countersign.tenant.Tenants;
import io.countersign.tenant.feature.Feature;
import io.countersign.tenant.orchestrator.OrchestratorId;
import io.countersign.tenant.orchestrator.Orchestrators;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The tenants and the superadmins' actions on them. Every change of status takes two steps, as the page's design
 * requires: a dialog with the tenant and the effect, and its POST.
 */
@Controller
@RequestMapping("/tenants")
class TenantPages {

    private static final int TRAIL = 100;

    private final Tenants tenants;
    private final Orchestrators orchestrators;
    private final Approvals approvals;
    private final AuditTrail audit;

    TenantPages(Tenants tenants, Orchestrators orchestrators, Approvals approvals, AuditTrail audit) {
        this.tenants = tenants;
        this.orchestrators = orchestrators;
        this.approvals = approvals;
        this.audit = audit;
    }

    /**
     * A button's words.
     *
     * @param event the event it triggers
     * @param label the button's label
     * @param icon the button's icon
     * @param tone the button's style, which gives its colour
     * @param effect the effect, for the dialog
     * @param done the confirmation afterwards, after the tenant's name
     */
    public record Action(TenantEvent event, String label, String icon, String tone, String effect, String done) {

        static Action of(TenantEvent event) {
            return switch (event) {
                case APPROVE ->
                    new Action(
                            event,
                            "Approve",
                            "check-lg",
                            "btn-approve",
                            "becomes active. Its orchestrator receives its feature flags at the next sync.",
                            "is active.");
                case REJECT ->
                    new Action(
                            event,
                            "Reject",
                            "x-lg",
                            "btn-danger",
                            "is denied for good. It cannot be approved afterwards: its orchestrator must register it"
                                    + " again.",
                            "is rejected.");
                case SUSPEND ->
                    new Action(
                            event,
                            "Suspend",
                            "ban",
                            "btn-danger",
                            "is disabled for the time being: its features are off from its orchestrator's next sync on,"
                                    + " within 5 minutes. Its edges are not disconnected.",
                            "is suspended.");
                case REACTIVATE ->
                    new Action(
                            event,
                            "Reactivate",
                            "check-lg",
                            "btn-approve",
                            "is active again: the features that were set before are back from its orchestrator's next"
                                    + " sync on.",
                            "is active again.");
            };
        }
    }

    /**
     * One line of the tenant's history.
     *
     * @param entry the trail's entry
     * @param actor the actor
     * @param what what was done
     * @param remark the reason or comment, or null
     */
    public record Line(AuditEntry entry, String actor, String what, String remark) {}

    /** An unknown filter value is ignored: the page shows the active filters. */
    @GetMapping
    String list(
            @RequestParam(defaultValue = "") String status,
            @RequestParam(defaultValue = "") String orchestrator,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) String cursor,
            Model model) {
        UserId reader = CurrentUser.get();
        Optional<TenantStatus> onlyStatus = TenantStatus.find(status);
        Optional<OrchestratorId> onlyOrchestrator =
                orchestrator.isEmpty() ? Optional.empty() : Optional.of(OrchestratorId.parse(orchestrator));
        Optional<String> text = Optional.of(q.strip()).filter(word -> !word.isEmpty());
        model.addAttribute(
                "tenants",
                tenants.list(
                        reader,
                        new Tenants.Query(onlyStatus, onlyOrchestrator, text, true),
                        PageRequest.of(null, cursor)));
        model.addAttribute(
                "orchestrators",
                orchestrators.list(reader, PageRequest.of(100, null)).items());
        model.addAttribute("statuses", TenantStatus.values());
        model.addAttribute("status", onlyStatus.orElse(null));
        model.addAttribute("orchestrator", orchestrator.isEmpty() ? null : orchestrator);
        model.addAttribute("q", text.orElse(null));
        return "tenants/tenants";
    }

    @GetMapping("/{id}")
    String show(@PathVariable String id, Model model) {
        UserId reader = CurrentUser.get();
        return page(reader, tenants.get(reader, RegistrationId.parse(id)), model);
    }

    @GetMapping("/{id}/{event}")
    String confirm(@PathVariable String id, @PathVariable String event, Model model) {
        UserId reader = CurrentUser.get();
        TenantEvent asked = event(event);
        Tenant tenant = tenants.get(reader, RegistrationId.parse(id));
        if (!tenant.validEvents().contains(asked)) {
            return page(reader, tenant, model);
        }
        model.addAttribute("tenant", tenant);
        model.addAttribute("action", Action.of(asked));
        return "tenants/confirm";
    }

    @PostMapping("/{id}/{event}")
    String change(
            @PathVariable String id,
            @PathVariable String event,
            @RequestParam(defaultValue = "") String reason,
            Submission submission) {
        UserId actor = CurrentUser.get();
        RegistrationId tenantId = RegistrationId.parse(id);
        TenantEvent asked = event(event);
        return submission.act(
                () -> {
                    Tenant tenant = switch (asked) {
                        case APPROVE -> tenants.approve(actor, tenantId, reason.isBlank() ? null : reason);
                        case REJECT -> tenants.reject(actor, tenantId, reason);
                        case SUSPEND -> tenants.suspend(actor, tenantId, reason);
                        case REACTIVATE -> tenants.reactivate(actor, tenantId, reason);
                    };
                    return submission.done(
                            "/tenants/" + id,
                            tenant.status() == TenantStatus.PENDING_APPROVAL
                                    ? "Your approval of " + tenant.name() + " is recorded. More approvals are needed."
                                    : tenant.name() + " " + Action.of(asked).done());
                },
                model -> show(id, model));
    }

    @PostMapping("/{id}/features")
    String setFeatures(
            @PathVariable String id, @RequestParam(defaultValue = "") List<String> on, Submission submission) {
        UserId actor = CurrentUser.get();
        return submission.act(
                () -> {
                    Tenant before = tenants.get(actor, RegistrationId.parse(id));
                    Map<Feature, Boolean> changes = new EnumMap<>(Feature.class);
                    for (Feature feature : Feature.values()) {
                        boolean wanted = on.contains(feature.wireName());
                        if (wanted != before.features().has(feature)) {
                            changes.put(feature, wanted);
                        }
                    }
                    tenants.setFeatures(actor, before.id(), changes);
                    return submission.done(
                            "/tenants/" + id,
                            changes.isEmpty()
                                    ? "Nothing was changed."
                                    : "The features of " + before.name()
                                            + " are set. They reach the orchestrator at its next sync.");
                },
                model -> show(id, model));
    }

    private String page(UserId reader, Tenant tenant, Model model) {
        model.addAttribute("tenant", tenant);
        model.addAttribute(
                "actions", tenant.validEvents().stream().map(Action::of).toList());
        model.addAttribute("features", Feature.values());
        model.addAttribute("approval", approvals.getVisible(reader, tenant.approvalId()));
        model.addAttribute(
                "earlier",
                tenants.history(reader, tenant).stream()
                        .filter(other -> !other.id().equals(tenant.id()))
                        .toList());
        model.addAttribute("trail", trail(reader, tenant));
        return "tenants/tenant";
    }

    private List<Line> trail(UserId reader, Tenant tenant) {
        AuditFilter about = AuditFilter.about("tenant", tenant.id().toString());
        return audit.find(reader.value(), about, PageRequest.of(TRAIL, null)).items().stream()
                .map(entry -> line(entry, tenant))
                .toList();
    }

    private Line line(AuditEntry entry, Tenant tenant) {
        JsonNode details = CanonicalJson.read(entry.details());
        Principal principal = Principal.recorded(entry.actorType(), entry.actor());
        String actor = principal.equals(Principal.orchestrator(tenant.orchestratorClientId()))
                ? tenant.orchestratorName()
                : entry.actor();
        String other = details.hasNonNull("from") ? "changed the status" : Timeline.what(entry.action(), details);
        String what = AuditAction.find(entry.action())
                .map(action -> switch (action) {
                    case SUBMIT -> "registered the tenant";
                    case APPROVE -> "approved the registration";
                    case REJECT -> "rejected the registration";
                    case SET_FEATURES -> "set " + features(details);
                    default -> other;
                })
                .orElse(other);
        String transition = details.hasNonNull("from")
                ? ": " + Words.phrase(details.get("from").asText()) + " → "
                        + Words.phrase(details.get("to").asText())
                : "";
        String remark = details.hasNonNull("reason")
                ? details.get("reason").asText()
                : details.path("comment").asText(null);
        return new Line(entry, actor, what + transition, remark);
    }

    private static String features(JsonNode details) {
        return String.join(
                ", ",
                Arrays.stream(Feature.values())
                        .filter(feature -> details.has(feature.wireName()))
                        .map(feature -> feature.title() + " "
                                + (details.get(feature.wireName()).asBoolean() ? "on" : "off"))
                        .toList());
    }

    private static TenantEvent event(String name) {
        return Arrays.stream(TenantEvent.values())
                .filter(event -> event.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFound("page", name));
    }
}
