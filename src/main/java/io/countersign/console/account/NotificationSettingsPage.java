package io.countersign.console.account;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import io.countersign.api.problem.TooManyRequests;
import io.countersign.approval.kind.Topic;
import io.countersign.console.layout.ActiveOrganization;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.organization.Organizations.Organization;
import io.countersign.notification.ChannelId;
import io.countersign.notification.ChannelKind;
import io.countersign.notification.NotificationSettings;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * Settings → Notifications: where the reader is told of what, for each organization, project or the platform
 * (more-facts.md, "Clusters").
 */
@Controller
@RequestMapping("/settings/notifications")
class NotificationSettingsPage {

    private final NotificationSettings settings;
    private final Memberships memberships;
    private final Organizations organizations;
    private final ActiveOrganization activeOrganization;

    NotificationSettingsPage(
            NotificationSettings settings,
            Memberships memberships,
            Organizations organizations,
            ActiveOrganization activeOrganization) {
        this.settings = settings;
        this.memberships = memberships;
        this.organizations = organizations;
        this.activeOrganization = activeOrganization;
    }

    @GetMapping
    String show(@RequestParam(required = false) String scope, Model model) {
        return page(scope, model);
    }

    @PostMapping("/channels")
    String add(
            @RequestParam String scope,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") List<String> topics,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId reader = CurrentUser.get();
        try {
            Scope where = own(reader, scope);
            var channel = ChannelKind.find(kind).orElse(ChannelKind.EMAIL) == ChannelKind.SLACK
                    ? settings.addSlack(reader, where, name, target)
                    : settings.addEmail(reader, where, name, target);
            topics.stream()
                    .flatMap(topic -> Topic.find(topic).stream())
                    .forEach(topic -> settings.subscribe(reader, channel.id(), topic, true));
            Flash.success(
                    redirect,
                    channel.confirmedAt().isPresent()
                            ? channel.name() + " is added."
                            : channel.name() + " is added. Open the link in the mail we sent to " + target
                                    + " to confirm the address.");
            return back(scope);
        } catch (InvalidInput | Conflict | TooManyRequests | Forbidden problem) {
            response.setStatus(Problems.status(problem).value());
            FormErrors errors = FormErrors.of(problem);
            errors.addTo(model);
            Flash.problem(
                    model,
                    errors.count() > 0
                            ? "The channel was not added. Correct the marked fields."
                            : problem.getMessage());
            model.addAttribute("kind", kind);
            model.addAttribute("name", name);
            model.addAttribute("target", target);
            return page(scope, model);
        }
    }

    /** Takes the whole row of a channel: its name, its switch and its subscriptions. */
    @PostMapping("/channels/{id}")
    String change(
            @PathVariable String id,
            @RequestParam String scope,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "") List<String> topics,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId reader = CurrentUser.get();
        ChannelId channel = ChannelId.parse(id);
        try {
            settings.rename(reader, channel, name);
            settings.setEnabled(reader, channel, enabled);
            Arrays.stream(Topic.values())
                    .forEach(topic -> settings.subscribe(reader, channel, topic, topics.contains(topic.wireName())));
            Flash.success(redirect, name.strip() + " is saved.");
            return back(scope);
        } catch (InvalidInput problem) {
            return refused(scope, problem, model, response);
        }
    }

    @PostMapping("/channels/{id}/confirmation")
    String resend(
            @PathVariable String id,
            @RequestParam String scope,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            settings.resendConfirmation(CurrentUser.get(), ChannelId.parse(id));
            Flash.success(redirect, "The mail with the link is on its way.");
            return back(scope);
        } catch (Conflict | TooManyRequests problem) {
            return refused(scope, problem, model, response);
        }
    }

    @PostMapping("/channels/{id}/delete")
    String delete(@PathVariable String id, @RequestParam String scope, RedirectAttributes redirect) {
        settings.delete(CurrentUser.get(), ChannelId.parse(id));
        Flash.success(redirect, "The channel is deleted. Nothing more is sent there.");
        return back(scope);
    }

    private String page(String scope, Model model) {
        UserId reader = CurrentUser.get();
        List<Scope> scopes =
                memberships.of(reader).stream().map(Membership::scope).toList();
        Scope shown = scopes.stream()
                .filter(own -> own.toString().equals(scope))
                .findFirst()
                .or(() -> activeOrganization
                        .among(organizations.visibleTo(reader))
                        .map(Organization::id)
                        .map(Scope::organization)
                        .filter(scopes::contains))
                .or(() -> scopes.stream().findFirst())
                .orElse(null);
        model.addAttribute("scopes", scopes);
        model.addAttribute("scope", shown);
        model.addAttribute("topics", Topic.values());
        model.addAttribute("channels", shown == null ? List.of() : settings.channels(reader, shown));
        return "account/notifications";
    }

    private String refused(String scope, Problem problem, Model model, HttpServletResponse response) {
        response.setStatus(Problems.status(problem).value());
        Flash.problem(model, problem.getMessage());
        return page(scope, model);
    }

    /** @return the scope of that name among the reader's own */
    private Scope own(UserId reader, String scope) {
        return memberships.of(reader).stream()
                .map(Membership::scope)
                .filter(candidate -> candidate.toString().equals(scope))
                .findFirst()
                .orElseThrow(() -> new InvalidInput("scope", "must be one that you belong to"));
    }

    private static String back(String scope) {
        return "redirect:/settings/notifications?scope="
                + java.net.URLEncoder.encode(scope, java.nio.charset.StandardCharsets.UTF_8);
    }
}
