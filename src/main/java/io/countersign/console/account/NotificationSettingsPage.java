package io.countersign.console.account;

import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.kind.Topic;
import io.countersign.console.layout.ActiveOrganization;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.organization.Organizations.Organization;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelKind;
import io.countersign.notification.settings.NotificationSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Settings → Notifications: the reader's channels and topics for each organization, project or the platform. */
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

    @PostMapping("/channels")
    String add(
            @RequestParam String scope,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") List<String> topics,
            Submission submission) {
        UserId reader = CurrentUser.get();
        return submission.fill(
                "The channel was not added. Correct the marked fields.",
                () -> {
                    Scope where = own(reader, scope);
                    var channel = ChannelKind.find(kind).orElse(ChannelKind.EMAIL) == ChannelKind.SLACK
                            ? settings.addSlack(reader, where, name, target)
                            : settings.addEmail(reader, where, name, target);
                    topics.stream()
                            .flatMap(topic -> Topic.find(topic).stream())
                            .forEach(topic -> settings.subscribe(reader, channel.id(), topic, true));
                    return submission.done(
                            path(scope),
                            channel.confirmedAt().isPresent()
                                    ? channel.name() + " is added."
                                    : channel.name() + " is added. Open the link in the mail we sent to " + target
                                            + " to confirm the address.");
                },
                model -> {
                    model.addAttribute("kind", kind);
                    model.addAttribute("name", name);
                    model.addAttribute("target", target);
                    return show(scope, model);
                });
    }

    /** Saves a channel's whole row: its name, its switch and its subscriptions. */
    @PostMapping("/channels/{id}")
    String change(
            @PathVariable String id,
            @RequestParam String scope,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "") List<String> topics,
            Submission submission) {
        UserId reader = CurrentUser.get();
        ChannelId channel = ChannelId.parse(id);
        return submission.act(
                () -> {
                    settings.rename(reader, channel, name);
                    settings.setEnabled(reader, channel, enabled);
                    for (Topic topic : Topic.values()) {
                        settings.subscribe(reader, channel, topic, topics.contains(topic.wireName()));
                    }
                    return submission.done(path(scope), name.strip() + " is saved.");
                },
                model -> show(scope, model));
    }

    @PostMapping("/channels/{id}/confirmation")
    String resend(@PathVariable String id, @RequestParam String scope, Submission submission) {
        return submission.act(
                () -> {
                    settings.resendConfirmation(CurrentUser.get(), ChannelId.parse(id));
                    return submission.done(path(scope), "The mail with the link is on its way.");
                },
                model -> show(scope, model));
    }

    @PostMapping("/channels/{id}/delete")
    String delete(@PathVariable String id, @RequestParam String scope, Submission submission) {
        settings.delete(CurrentUser.get(), ChannelId.parse(id));
        return submission.done(path(scope), "The channel is deleted. Nothing more is sent there.");
    }

    /** @return the reader's scope of that name */
    private Scope own(UserId reader, String scope) {
        return memberships.of(reader).stream()
                .map(Membership::scope)
                .filter(candidate -> candidate.toString().equals(scope))
                .findFirst()
                .orElseThrow(() -> new InvalidInput("scope", "must be one that you belong to"));
    }

    private static String path(String scope) {
        return "/settings/notifications?scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8);
    }
}
