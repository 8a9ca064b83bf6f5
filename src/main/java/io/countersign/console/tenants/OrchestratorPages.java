package io.countersign.console.tenants;

import io.countersign.api.paging.PageRequest;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.tenant.TenantSettings;
import io.countersign.tenant.Tenants;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorId;
import io.countersign.tenant.orchestrator.OrchestratorStatus;
import io.countersign.tenant.orchestrator.Orchestrators;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Orchestrators: their list, their page, and provisioning in two steps: the details, then the client ID and the
 * secrets, which are shown once.
 */
@Controller
@RequestMapping("/orchestrators")
class OrchestratorPages {

    private static final String FORM = "form";

    private final Orchestrators orchestrators;
    private final Tenants tenants;
    private final TenantSettings settings;

    OrchestratorPages(Orchestrators orchestrators, Tenants tenants, TenantSettings settings) {
        this.orchestrators = orchestrators;
        this.tenants = tenants;
        this.settings = settings;
    }

    /**
     * The form as typed.
     *
     * @param name the orchestrator's name
     * @param contact_email its operators' address
     * @param url where changes are announced, if anywhere
     * @param approval whether its tenants need approval: yes, no or the platform's setting
     */
    public record Form(String name, String contact_email, String url, String approval) {

        static final Form EMPTY = new Form("", "", "", "");

        static Form of(Orchestrator orchestrator) {
            return new Form(
                    orchestrator.name(),
                    orchestrator.contactEmail(),
                    orchestrator.url().orElse(""),
                    orchestrator
                            .approvalRequired()
                            .map(needed -> needed ? "yes" : "no")
                            .orElse(""));
        }

        Orchestrators.Details details() {
            return new Orchestrators.Details(
                    FormText.text(name).strip(),
                    FormText.text(contact_email).strip(),
                    FormText.given(url),
                    FormText.given(approval).map("yes"::equals));
        }
    }

    @GetMapping
    String list(@RequestParam(required = false) String cursor, Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("orchestrators", orchestrators.list(reader, PageRequest.of(null, cursor)));
        model.addAttribute("approvalRequired", settings.get(reader).approvalRequired());
        return "tenants/orchestrators";
    }

    @PostMapping("/settings")
    String changeSettings(
            @RequestParam(name = "approval_required", defaultValue = "false") boolean approvalRequired,
            Submission submission) {
        settings.set(CurrentUser.get(), new TenantSettings.Values(approvalRequired));
        return submission.done(
                "/orchestrators",
                approvalRequired
                        ? "New tenants need approval, where their orchestrator does not say otherwise."
                        : "New tenants need no approval, where their orchestrator does not say otherwise.");
    }

    @GetMapping("/new")
    String form(Model model) {
        return form(null, Form.EMPTY, model);
    }

    /** Shows the secrets in the response itself: they are stored nowhere that a redirect could read them from. */
    @PostMapping("/new")
    String provision(@ModelAttribute(FORM) Form form, Model page, HttpServletResponse response, Submission submission) {
        return submission.act(
                () -> {
                    page.addAttribute("provisioned", orchestrators.provision(CurrentUser.get(), form.details()));
                    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                    return "tenants/orchestrator-credentials";
                },
                model -> form(null, form, model));
    }

    @GetMapping("/{id}")
    String show(@PathVariable String id, @RequestParam(required = false) String cursor, Model model) {
        UserId reader = CurrentUser.get();
        Orchestrator orchestrator = orchestrators.get(reader, OrchestratorId.parse(id));
        Tenants.Query own = new Tenants.Query(Optional.empty(), Optional.of(orchestrator.id()), Optional.empty(), true);
        model.addAttribute("orchestrator", orchestrator);
        model.addAttribute("active", orchestrator.status() == OrchestratorStatus.ACTIVE);
        model.addAttribute("platformRequires", settings.get(reader).approvalRequired());
        model.addAttribute("count", tenants.count(reader, orchestrator.id()));
        model.addAttribute("tenants", tenants.list(reader, own, PageRequest.of(null, cursor)));
        return "tenants/orchestrator";
    }

    @GetMapping("/{id}/edit")
    String edit(@PathVariable String id, Model model) {
        Orchestrator orchestrator = orchestrators.get(CurrentUser.get(), OrchestratorId.parse(id));
        return form(orchestrator, Form.of(orchestrator), model);
    }

    @PostMapping("/{id}/edit")
    String update(@PathVariable String id, @ModelAttribute(FORM) Form form, Submission submission) {
        UserId actor = CurrentUser.get();
        OrchestratorId orchestrator = OrchestratorId.parse(id);
        return submission.act(
                () -> submission.done(
                        "/orchestrators/" + id,
                        orchestrators
                                        .update(actor, orchestrator, present -> form.details())
                                        .name() + " is changed."),
                model -> form(orchestrators.get(actor, orchestrator), form, model));
    }

    @GetMapping("/{id}/deprovision")
    String confirm(@PathVariable String id, Model model) {
        UserId reader = CurrentUser.get();
        Orchestrator orchestrator = orchestrators.get(reader, OrchestratorId.parse(id));
        model.addAttribute("orchestrator", orchestrator);
        model.addAttribute("count", tenants.count(reader, orchestrator.id()));
        return "tenants/orchestrator-deprovision";
    }

    @PostMapping("/{id}/deprovision")
    String deprovision(@PathVariable String id, Submission submission) {
        UserId actor = CurrentUser.get();
        OrchestratorId orchestrator = OrchestratorId.parse(id);
        orchestrators.deprovision(actor, orchestrator);
        return submission.done(
                "/orchestrators/" + id, orchestrators.get(actor, orchestrator).name() + " is deprovisioned.");
    }

    private String form(Orchestrator orchestrator, Form form, Model model) {
        settings.get(CurrentUser.get());
        model.addAttribute("orchestrator", orchestrator);
        model.addAttribute(FORM, form);
        return "tenants/orchestrator-form";
    }
}
