package io.countersign.console.freezes;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.validation.Validation;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.FormPeriod;
import io.countersign.console.layout.FormText;
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

    private static final String PERIOD = "period";
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
     * @param freeze the window
     * @param state planned, active, over or lifted
     */
    public record Row(Freeze freeze, String state) {}

    @GetMapping
    String list(@PathVariable Map<String, String> path, @RequestParam(required = false) String cursor, Model model) {
        FormPeriod day = FormPeriod.of(clock.instant(), Duration.ofDays(1), appearance.zone());
        return page(Paths.scope(path), PageRequest.of(null, cursor), day, "", model);
    }

    @PostMapping
    String add(
            @PathVariable Map<String, String> path,
            @ModelAttribute(PERIOD) FormPeriod period,
            @RequestParam(defaultValue = "") String reason,
            Submission submission) {
        Scope scope = Paths.scope(path);
        return submission.fill(
                () -> {
                    Validation validation = new Validation();
                    Instant from = period.begins(validation, "starts_at");
                    Instant until = period.ends(validation, "ends_at");
                    validation.done();
                    freezes.add(CurrentUser.get(), scope, from, until, reason);
                    return submission.done(Paths.of(scope, PAGES), "The freeze window is set.");
                },
                model -> page(scope, PageRequest.of(null, null), period, reason, model));
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

    private String page(Scope scope, PageRequest request, FormPeriod period, String reason, Model model) {
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
        model.addAttribute(PERIOD, period);
        model.addAttribute("reason", reason);
        model.addAttribute("mayAdd", reader.filter(Membership::administers).isPresent());
        model.addAttribute("mayLift", reader.filter(Membership::owner).isPresent());
        return "freezes/freezes";
    }
}
