package io.countersign.console.freezes;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.validation.Validation;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.FormTime;
import io.countersign.console.layout.Paths;
import io.countersign.console.layout.Submission;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Freeze windows of a project or an organization. */
@Controller
@RequestMapping({"/projects/{project}/freezes", "/orgs/{org}/freezes"})
class FreezePages {

    private static final String FORM = "form";
    private static final String PAGES = "freezes";

    private final Freezes freezes;
    private final Memberships memberships;
    private final ProjectFrame frame;
    private final Appearance appearance;
    private final Clock clock;

    FreezePages(Freezes freezes, Memberships memberships, ProjectFrame frame, Appearance appearance, Clock clock) {
        this.freezes = freezes;
        this.memberships = memberships;
        this.frame = frame;
        this.appearance = appearance;
        this.clock = clock;
    }

    /**
     * A window as the page shows it.
     *
     * @param freeze which one
     * @param state planned, active, over or lifted
     */
    public record Row(Freeze freeze, String state) {}

    /**
     * What the form holds, as it was typed.
     *
     * @param zone the zone that the times are in
     * @param from a time, or nothing for now
     * @param until a time
     * @param reason why
     */
    public record Form(String zone, String from, String until, String reason) {

        /** Takes a field that is missing for one that is empty. */
        public Form {
            zone = FormText.text(zone);
            from = FormText.text(from);
            until = FormText.text(until);
            reason = FormText.text(reason);
        }
    }

    @GetMapping
    String list(@PathVariable Map<String, String> path, @RequestParam(required = false) String cursor, Model model) {
        ZoneId zone = appearance.zone();
        Instant now = clock.instant();
        Form fresh = new Form(
                FormTime.name(zone), FormTime.write(now, zone), FormTime.write(now.plus(Duration.ofDays(1)), zone), "");
        return page(Paths.scope(path), PageRequest.of(null, cursor), fresh, model);
    }

    @PostMapping
    String add(@PathVariable Map<String, String> path, @ModelAttribute(FORM) Form form, Submission submission) {
        Scope scope = Paths.scope(path);
        return submission.fill(
                () -> {
                    Validation validation = new Validation();
                    Instant from = FormTime.read(validation, "starts_at", form.from(), form.zone());
                    Instant until = FormTime.read(validation, "ends_at", form.until(), form.zone());
                    validation.done();
                    freezes.add(CurrentUser.get(), scope, from, until, form.reason());
                    return submission.done(Paths.of(scope, PAGES), "The freeze window is set.");
                },
                model -> page(scope, PageRequest.of(null, null), form, model));
    }

    @PostMapping("/{id}/lift")
    String lift(
            @PathVariable Map<String, String> path,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            Submission submission) {
        Scope scope = Paths.scope(path);
        freezes.lift(CurrentUser.get(), scope, FormText.uuid("freeze", id), reason);
        return submission.done(
                Paths.of(scope, PAGES), "The freeze window has ended. Changes that waited for it continue now.");
    }

    private String page(Scope scope, PageRequest request, Form form, Model model) {
        Instant now = clock.instant();
        Page<Row> windows = freezes.in(CurrentUser.get(), scope, request)
                .map(freeze -> new Row(
                        freeze,
                        freeze.liftedAt().isPresent()
                                ? "ended early"
                                : freeze.over(now) ? "over" : freeze.inForce(now) ? "active" : "planned"));
        if (scope.type() == Scope.Type.PROJECT) {
            frame.open(scope.id(), model);
        }
        Optional<Membership> reader = memberships.find(CurrentUser.get(), scope);
        model.addAttribute("scope", scope);
        model.addAttribute("path", Paths.of(scope, PAGES));
        model.addAttribute("rows", windows.items());
        model.addAttribute("nextCursor", windows.nextCursor());
        model.addAttribute(FORM, form);
        model.addAttribute("mayAdd", reader.filter(Membership::administers).isPresent());
        model.addAttribute("mayLift", reader.filter(Membership::owner).isPresent());
        return "freezes/freezes";
    }
}
