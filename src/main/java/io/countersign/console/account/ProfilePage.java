package io.countersign.console.account;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.TooManyRequests;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.throttle.TooManyAttempts;
import io.countersign.notification.NotificationSettings;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who the reader is here, and their password. */
@Controller
@RequestMapping("/settings/profile")
class ProfilePage {

    private final People people;
    /** Those of regions and cities, as people know them. */
    private static final List<String> ZONES = ZoneId.getAvailableZoneIds().stream()
            .filter(zone -> zone.equals("UTC")
                    || zone.matches(
                            "(Africa|America|Antarctica|Asia|Atlantic|Australia" + "|Europe|Indian|Pacific)/.*"))
            .sorted()
            .toList();

    private final Memberships memberships;
    private final Members members;
    private final Appearance appearance;
    private final NotificationSettings notifications;

    ProfilePage(
            People people,
            Memberships memberships,
            Members members,
            Appearance appearance,
            NotificationSettings notifications) {
        this.people = people;
        this.memberships = memberships;
        this.members = members;
        this.appearance = appearance;
        this.notifications = notifications;
    }

    @GetMapping
    String show(Model model) {
        UserId reader = CurrentUser.get();
        model.addAttribute("person", people.get(reader));
        model.addAttribute("memberships", memberships.of(reader));
        model.addAttribute("look", appearance.current());
        model.addAttribute("zones", ZONES);
        return "account/profile";
    }

    /** Has a link mailed that confirms the account's address. */
    @PostMapping("/confirm-email")
    String confirmEmail(Model model, HttpServletResponse response, RedirectAttributes redirect) {
        try {
            Flash.success(
                    redirect,
                    notifications.confirmAccount(CurrentUser.get())
                            ? "A mail with a link is on its way to you. Follow the link to confirm your address."
                            : "Your address is confirmed, as that of one of your channels is.");
            return "redirect:/settings/profile";
        } catch (Conflict | TooManyRequests problem) {
            response.setStatus(Problems.status(problem).value());
            Flash.problem(model, problem.getMessage());
            return show(model);
        }
    }

    /** Ends a membership of the reader's own. */
    @PostMapping("/leave")
    String leave(
            @RequestParam(defaultValue = "") String organization,
            @RequestParam(defaultValue = "") String project,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId reader = CurrentUser.get();
        try {
            members.remove(
                    reader, organization.isEmpty() ? Scope.project(project) : Scope.organization(organization), reader);
            Flash.success(redirect, "You left " + (organization.isEmpty() ? project : organization) + ".");
            return "redirect:/settings/profile";
        } catch (Conflict problem) {
            response.setStatus(Problems.status(problem).value());
            Flash.problem(model, problem.getMessage());
            return show(model);
        }
    }

    @PostMapping("/password")
    String changePassword(
            @RequestParam(name = "current_password", defaultValue = "") String current,
            @RequestParam(name = "new_password", defaultValue = "") String next,
            @RequestParam(name = "new_password_again", defaultValue = "") String again,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            if (!next.equals(again)) {
                throw new InvalidInput("new_password_again", "must be the same as above");
            }
            people.changePassword(CurrentUser.get(), current, next);
            Flash.success(redirect, "Your password is changed.");
            return "redirect:/settings/profile";
        } catch (InvalidInput problem) {
            response.setStatus(Problems.status(problem).value());
            FormErrors.of(problem).addTo(model);
            Flash.problem(model, "Your password was not changed.");
            return show(model);
        } catch (TooManyAttempts problem) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            response.setHeader(HttpHeaders.RETRY_AFTER, problem.retryAfter());
            Flash.problem(model, problem.getMessage());
            return show(model);
        }
    }
}
