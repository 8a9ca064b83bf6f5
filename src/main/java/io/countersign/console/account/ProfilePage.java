package io.countersign.console.account;

import io.countersign.api.problem.InvalidInput;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.throttle.TooManyAttempts;
import io.countersign.notification.settings.NotificationSettings;
import java.time.ZoneId;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The reader's account and memberships, and their password. */
@Controller
@RequestMapping(ProfilePage.HOME)
class ProfilePage {

    static final String HOME = "/settings/profile";

    /** Zones named after regions and cities, as people know them. */
    private static final List<String> ZONES = ZoneId.getAvailableZoneIds().stream()
            .filter(zone -> zone.equals("UTC")
                    || zone.matches("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.*"))
            .sorted()
            .toList();

    private final People people;
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

    /** Mails a link that confirms the account's address. */
    @PostMapping("/confirm-email")
    String confirmEmail(Submission submission) {
        return submission.act(
                () -> submission.done(
                        HOME,
                        notifications.confirmAccount(CurrentUser.get())
                                ? "A mail with a link is on its way to you. Follow the link to confirm your address."
                                : "Your address is confirmed, as that of one of your channels is."),
                this::show);
    }

    /** Ends one of the reader's own memberships. */
    @PostMapping("/leave")
    String leave(
            @RequestParam(defaultValue = "") String organization,
            @RequestParam(defaultValue = "") String project,
            Submission submission) {
        UserId reader = CurrentUser.get();
        return submission.act(
                () -> {
                    members.remove(
                            reader,
                            organization.isEmpty() ? Scope.project(project) : Scope.organization(organization),
                            reader);
                    return submission.done(HOME, "You left " + (organization.isEmpty() ? project : organization) + ".");
                },
                this::show);
    }

    @PostMapping("/password")
    String changePassword(
            @RequestParam(name = "current_password", defaultValue = "") String current,
            @RequestParam(name = "new_password", defaultValue = "") String next,
            @RequestParam(name = "new_password_again", defaultValue = "") String again,
            Submission submission) {
        return submission.fill(
                "Your password was not changed.",
                () -> {
                    if (!next.equals(again)) {
                        throw new InvalidInput("new_password_again", "must be the same as above");
                    }
                    try {
                        people.changePassword(CurrentUser.get(), current, next);
                    } catch (TooManyAttempts refusal) {
                        throw refusal.asProblem();
                    }
                    return submission.done(HOME, "Your password is changed.");
                },
                this::show);
    }
}
