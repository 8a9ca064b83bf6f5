package io.countersign.console.freezes;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.Validation;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormTime;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.console.projects.ProjectPages;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Freeze windows of a project or an organization. */
@Controller
class FreezePages {

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
    public record Form(String zone, String from, String until, String reason) {}

    @GetMapping("/projects/{project}/freezes")
    String ofProject(@PathVariable String project, @RequestParam(required = false) String cursor, Model model) {
        return page(Scope.project(project), PageRequest.of(null, cursor), fresh(), model);
    }

    @GetMapping("/orgs/{org}/freezes")
    String ofOrganization(@PathVariable String org, @RequestParam(required = false) String cursor, Model model) {
        return page(Scope.organization(org), PageRequest.of(null, cursor), fresh(), model);
    }

    @PostMapping("/projects/{project}/freezes")
    String addToProject(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String zone,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String until,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return add(Scope.project(project), new Form(zone, from, until, reason), model, response, redirect);
    }

    @PostMapping("/orgs/{org}/freezes")
    String addToOrganization(
            @PathVariable String org,
            @RequestParam(defaultValue = "") String zone,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String until,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return add(Scope.organization(org), new Form(zone, from, until, reason), model, response, redirect);
    }

    @PostMapping("/projects/{project}/freezes/{id}/lift")
    String liftOfProject(
            @PathVariable String project,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            RedirectAttributes redirect) {
        return lift(Scope.project(project), id, reason, redirect);
    }

    @PostMapping("/orgs/{org}/freezes/{id}/lift")
    String liftOfOrganization(
            @PathVariable String org,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            RedirectAttributes redirect) {
        return lift(Scope.organization(org), id, reason, redirect);
    }

    private String add(Scope scope, Form form, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        try {
            Validation validation = new Validation();
            Instant from = FormTime.read(validation, "starts_at", form.from(), form.zone());
            Instant until = FormTime.read(validation, "ends_at", form.until(), form.zone());
            validation.done();
            freezes.add(CurrentUser.get(), scope, from, until, form.reason());
            Flash.success(redirect, "The freeze window is set.");
            return "redirect:" + path(scope);
        } catch (InvalidInput problem) {
            return ProjectPages.again(problem, model, response, page(scope, PageRequest.of(null, null), form, model));
        }
    }

    private String lift(Scope scope, String id, String reason, RedirectAttributes redirect) {
        UUID freeze;
        try {
            freeze = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFound("freeze", id);
        }
        freezes.lift(CurrentUser.get(), scope, freeze, reason);
        Flash.success(redirect, "The freeze window is lifted. What waited for it goes on now.");
        return "redirect:" + path(scope);
    }

    private String page(Scope scope, PageRequest request, Form form, Model model) {
        Instant now = clock.instant();
        Page<Row> windows = freezes.in(CurrentUser.get(), scope, request)
                .map(freeze -> new Row(
                        freeze,
                        freeze.liftedAt().isPresent()
                                ? "lifted"
                                : freeze.over(now) ? "over" : freeze.inForce(now) ? "active" : "planned"));
        if (scope.type() == Scope.Type.PROJECT) {
            frame.open(scope.id(), model);
        }
        Optional<Membership> reader = memberships.find(CurrentUser.get(), scope);
        model.addAttribute("scope", scope);
        model.addAttribute("path", path(scope));
        model.addAttribute("rows", windows.items());
        model.addAttribute("nextCursor", windows.nextCursor());
        model.addAttribute("first", request.after().isEmpty());
        model.addAttribute("form", form);
        model.addAttribute("mayAdd", reader.filter(Membership::administers).isPresent());
        model.addAttribute("mayLift", reader.filter(Membership::owner).isPresent());
        return "freezes/freezes";
    }

    private Form fresh() {
        ZoneId zone = appearance.zone();
        Instant now = clock.instant();
        return new Form(
                FormTime.name(zone), FormTime.write(now, zone), FormTime.write(now.plus(Duration.ofDays(1)), zone), "");
    }

    private static String path(Scope scope) {
        return (scope.type() == Scope.Type.PROJECT ? "/projects/" : "/orgs/") + scope.id() + "/freezes";
    }
}
