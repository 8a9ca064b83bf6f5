package io.countersign.notification.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.problem.InvalidInput;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelKind;
import io.countersign.notification.settings.NotificationSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/me/channels")
@Tag(name = "Notifications")
class ChannelsResource {

    private final NotificationSettings settings;
    private final Idempotency idempotency;

    ChannelsResource(NotificationSettings settings, Idempotency idempotency) {
        this.settings = settings;
        this.idempotency = idempotency;
    }

    /** The scope of an organization or a project; the platform if neither is given. */
    record NewChannel(String organization, String project, String kind, String name, String target) {}

    record ChannelChange(String name, Boolean enabled) {}

    @GetMapping
    @Operation(summary = "Lists the caller's channels in all organizations and projects")
    Page<ChannelView> list() {
        return new Page<>(
                settings.channels(CurrentUser.get()).stream()
                        .map(ChannelView::of)
                        .toList(),
                null);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Adds a channel without subscriptions",
            description = "An e-mail address other than the caller's own confirmed one gets a mail with a link that"
                    + " confirms it. Without organization and project the channel is the platform's, for superadmins.")
    ChannelView add(
            @RequestHeader(name = "Idempotency-Key", required = false) String key, @RequestBody NewChannel body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /me/channels",
                Optional.ofNullable(key),
                body,
                ChannelView.class,
                () -> ChannelView.of(add(caller, body)));
    }

    @PatchMapping("/{id}")
    @Transactional
    @Operation(summary = "Renames a channel, or switches it on or off")
    public ChannelView change(@PathVariable String id, @RequestBody ChannelChange body) {
        UserId caller = CurrentUser.get();
        ChannelId channel = ChannelId.parse(id);
        if (body.name() != null) {
            settings.rename(caller, channel, body.name());
        }
        if (body.enabled() != null) {
            settings.setEnabled(caller, channel, body.enabled());
        }
        return ChannelView.of(settings.channel(caller, channel));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a channel with its subscriptions")
    void delete(@PathVariable String id) {
        settings.delete(CurrentUser.get(), ChannelId.parse(id));
    }

    @PostMapping("/{id}/confirmation")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends the link that confirms a channel's address again")
    void resendConfirmation(@PathVariable String id) {
        settings.resendConfirmation(CurrentUser.get(), ChannelId.parse(id));
    }

    private Channel add(UserId caller, NewChannel body) {
        Scope scope = scope(body);
        ChannelKind kind = Optional.ofNullable(body.kind())
                .flatMap(ChannelKind::find)
                .orElseThrow(() -> new InvalidInput("kind", "must be \"email\" or \"slack\""));
        return switch (kind) {
            case EMAIL -> settings.addEmail(caller, scope, body.name(), body.target());
            case SLACK -> settings.addSlack(caller, scope, body.name(), body.target());
        };
    }

    private static Scope scope(NewChannel body) {
        if (body.organization() != null && body.project() != null) {
            throw new InvalidInput("project", "must not be given together with an organization");
        }
        if (body.organization() != null) {
            return Scope.organization(body.organization());
        }
        return body.project() != null ? Scope.project(body.project()) : Scope.PLATFORM;
    }
}
