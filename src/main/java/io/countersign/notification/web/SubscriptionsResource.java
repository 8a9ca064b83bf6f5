package io.countersign.notification.web;

import io.countersign.api.paging.Page;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.CurrentUser;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.settings.NotificationSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/me/subscriptions")
@Tag(name = "Notifications")
class SubscriptionsResource {

    private final NotificationSettings settings;

    SubscriptionsResource(NotificationSettings settings) {
        this.settings = settings;
    }

    record Subscription(String channelId, String topic, Boolean enabled) {}

    @GetMapping
    @Operation(summary = "Lists the topics that the caller's channels are subscribed to")
    Page<Subscription> list() {
        return new Page<>(
                settings.channels(CurrentUser.get()).stream()
                        .flatMap(channel -> channel.subscriptions().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> new Subscription(
                                        channel.id().toString(), entry.getKey().wireName(), entry.getValue())))
                        .toList(),
                null);
    }

    @PutMapping
    @Operation(summary = "Subscribes a channel to a topic, or switches the subscription off or on")
    Subscription put(@RequestBody Subscription body) {
        Validation validation = new Validation();
        validation.check(body.channelId() != null, "channel_id", "must be given");
        validation.check(body.enabled() != null, "enabled", "must be given");
        validation.done();
        settings.subscribe(CurrentUser.get(), ChannelId.parse(body.channelId()), topic(body.topic()), body.enabled());
        return body;
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Ends a subscription")
    void delete(@RequestParam(name = "channel_id") String channelId, @RequestParam String topic) {
        settings.unsubscribe(CurrentUser.get(), ChannelId.parse(channelId), topic(topic));
    }

    private static Topic topic(String name) {
        return Optional.ofNullable(name)
                .flatMap(Topic::find)
                .orElseThrow(() -> new InvalidInput(
                        "topic",
                        "must be one of "
                                + Arrays.stream(Topic.values())
                                        .map(Topic::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
