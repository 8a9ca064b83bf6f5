package io.countersign.notification.settings;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.TooManyRequests;
import io.countersign.api.validation.DisplayName;
import io.countersign.api.validation.Validation;
import io.countersign.approval.ReachabilityChanged;
import io.countersign.approval.kind.Topic;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.notification.channel.AddressConfirmations;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelKind;
import io.countersign.notification.channel.ChannelStore;
import io.countersign.notification.channel.DefaultChannels;
import io.countersign.notification.channel.EmailAddress;
import io.countersign.notification.outbox.Outbox;
import io.countersign.notification.webhook.WebhookGuard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** People's choices under Settings → Notifications: their own channels and subscriptions only. */
@Component
@Transactional
public class NotificationSettings {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_CHANNELS = 20;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MAX_CONFIRMATIONS_TO_ONE = 5;
    private static final int MAX_CONFIRMATIONS = 20;

    private final ChannelStore channels;
    private final DefaultChannels defaults;
    private final AddressConfirmations confirmations;
    private final Outbox outbox;
    private final WebhookGuard webhooks;
    private final Memberships memberships;
    private final People people;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    NotificationSettings(
            ChannelStore channels,
            DefaultChannels defaults,
            AddressConfirmations confirmations,
            Outbox outbox,
            WebhookGuard webhooks,
            Memberships memberships,
            People people,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.channels = channels;
        this.defaults = defaults;
        this.confirmations = confirmations;
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.memberships = memberships;
        this.people = people;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** @return a person's channels in one scope, oldest first */
    public List<Channel> channels(UserId user, Scope scope) {
        defaults.give(List.of(user), scope);
        return channels.of(user, scope);
    }

    /** @return a person's channels in all scopes, ordered by scope and age */
    public List<Channel> channels(UserId user) {
        memberships.of(user).forEach(membership -> defaults.give(List.of(user), membership.scope()));
        return channels.of(user);
    }

    /**
     * @return a person's own channel
     * @throws NotFound if they have none of that id
     */
    public Channel channel(UserId user, ChannelId id) {
        return channels.find(id)
                .filter(channel -> channel.user().equals(user))
                .orElseThrow(() -> new NotFound("channel", id.toString()));
    }

    /**
     * Adds an e-mail channel without subscriptions. An address other than the person's own confirmed one gets a mail
     * with a link that confirms it; until then nothing else is sent there.
     *
     * @param name 1 to 100 characters
     * @throws NotFound if the person is no member of the organization or project
     * @throws Forbidden with {@code missing_permission} if the scope is the platform and the person no superadmin
     * @throws InvalidInput if a field breaks its rule
     * @throws Conflict with {@code channel_exists} if they have this address there, or {@code too_many_channels}
     * @throws TooManyRequests with {@code too_many_confirmations} if this person had too many of these mails sent
     */
    public Channel addEmail(UserId user, Scope scope, String name, String address) {
        Validation validation = new Validation();
        checkName(validation, name);
        validation.check(EmailAddress.isValid(address), "target", "must be an e-mail address");
        validation.done();
        boolean own = people.find(user)
                .filter(person -> person.emailConfirmed() && address.equalsIgnoreCase(person.email()))
                .isPresent();
        Channel channel = add(user, scope, ChannelKind.EMAIL, name, address, own);
        if (!own) {
            askToConfirm(channel);
        }
        return channel;
    }

    /**
     * Adds a channel that posts to a Slack channel's incoming webhook, without subscriptions.
     *
     * @param name 1 to 100 characters
     * @param webhook an https URL that does not lead into a private network
     * @throws NotFound if the person is no member of the organization or project
     * @throws Forbidden with {@code missing_permission} if the scope is the platform and the person no superadmin
     * @throws InvalidInput if a field breaks its rule
     * @throws Conflict with {@code channel_exists} if they have this URL there, or {@code too_many_channels}
     */
    public Channel addSlack(UserId user, Scope scope, String name, String webhook) {
        Validation validation = new Validation();
        checkName(validation, name);
        webhooks.objection(webhook).ifPresent(rule -> validation.check(false, "target", rule));
        validation.done();
        return add(user, scope, ChannelKind.SLACK, name, webhook, true);
    }

    /**
     * Enables or disables a channel.
     *
     * @throws NotFound if the person has none of that id
     */
    public Channel setEnabled(UserId user, ChannelId id, boolean enabled) {
        Channel channel = hold(user, id);
        channels.setEnabled(id, enabled);
        changed(channel);
        return channel(user, id);
    }

    /**
     * Renames a channel.
     *
     * @param name 1 to 100 characters
     * @throws NotFound if the person has none of that id
     * @throws InvalidInput if the name breaks its rule
     */
    public Channel rename(UserId user, ChannelId id, String name) {
        channel(user, id);
        Validation validation = new Validation();
        checkName(validation, name);
        validation.done();
        channels.rename(id, name.strip());
        return channel(user, id);
    }

    /**
     * Removes a channel. Deliveries queued for it are no longer sent.
     *
     * @throws NotFound if the person has none of that id
     */
    public void delete(UserId user, ChannelId id) {
        Channel channel = hold(user, id);
        channels.delete(id);
        changed(channel);
        record(AuditAction.DELETE, channel, Difference.deleted(describe(channel)));
    }

    /**
     * Sends the link that confirms a channel's address again. Earlier links keep working.
     *
     * @throws NotFound if the person has none of that id
     * @throws Conflict with {@code already_confirmed}, or with {@code just_sent} within a minute of the last mail
     * @throws TooManyRequests with {@code too_many_confirmations} if this person had too many of these mails sent
     */
    public void resendConfirmation(UserId user, ChannelId id) {
        Channel channel = channel(user, id);
        if (channel.confirmedAt().isPresent()) {
            throw new Conflict(ErrorCode.ALREADY_CONFIRMED, "This channel is already confirmed.");
        }
        if (outbox.confirmationJustQueued(id)) {
            throw new Conflict(
                    ErrorCode.JUST_SENT,
                    "A mail was sent less than a minute ago. Check your mailbox, or try again later.");
        }
        askToConfirm(channel);
    }

    /**
     * Asks people who are added to a scope to confirm their account's address, so that they can be notified of what
     * waits for them there.
     */
    @EventListener
    void added(MembershipChanged change) {
        if (change.before().isEmpty() && change.after().isPresent()) {
            people.find(change.user())
                    .filter(person -> !person.emailConfirmed() && EmailAddress.isValid(person.email()))
                    .flatMap(person -> defaults.prepare(person, change.scope()))
                    .filter(channel -> outbox.confirmationsSince(
                                            clock.instant().minus(AddressConfirmations.LIFETIME),
                                            channel.user(),
                                            channel.recipient())
                                    .toRecipient()
                            == 0)
                    .ifPresent(outbox::queueConfirmation);
        }
    }

    /**
     * Mails a link that confirms the address of a person's account, or confirms it directly if one of their channels
     * proves it.
     *
     * @return whether a mail is sent; otherwise the address is confirmed now
     * @throws Conflict with {@code already_confirmed}, {@code no_address} if there is none, {@code no_membership} if
     *     they are a member of no scope that could notify them, or with {@code just_sent} within a minute of the last
     *     mail
     * @throws TooManyRequests with {@code too_many_confirmations} if this person had too many of these mails sent
     */
    public boolean confirmAccount(UserId user) {
        Person person = people.get(user);
        if (person.emailConfirmed()) {
            throw new Conflict(ErrorCode.ALREADY_CONFIRMED, "Your address is already confirmed.");
        }
        if (!EmailAddress.isValid(person.email())) {
            throw new Conflict(ErrorCode.NO_ADDRESS, "Your account has no e-mail address.");
        }
        List<Channel> own = channels.of(user).stream()
                .filter(channel ->
                        channel.kind() == ChannelKind.EMAIL && channel.target().equalsIgnoreCase(person.email()))
                .toList();
        if (own.stream().anyMatch(channel -> channel.confirmedAt().isPresent())) {
            people.confirmAddress(user, person.email());
            return false;
        }
        Optional<Channel> channel = own.stream()
                .findFirst()
                .or(() -> memberships.of(user).stream()
                        .map(Membership::scope)
                        .flatMap(scope -> defaults.prepare(person, scope).stream())
                        .findFirst());
        resendConfirmation(
                user,
                channel.orElseThrow(() -> new Conflict(
                                ErrorCode.NO_MEMBERSHIP,
                                "You can confirm your address once you belong to an organization or project. If you already"
                                        + " have channels there, add one with this address."))
                        .id());
        return true;
    }

    /** The receiver did not ask for this mail, so the number per requester and address is limited. */
    private void askToConfirm(Channel channel) {
        Outbox.Asked asked =
                outbox.confirmationsSince(clock.instant().minus(HOUR), channel.user(), channel.recipient());
        if (asked.toRecipient() >= MAX_CONFIRMATIONS_TO_ONE || asked.toAnybody() >= MAX_CONFIRMATIONS) {
            throw new TooManyRequests(
                    ErrorCode.TOO_MANY_CONFIRMATIONS,
                    "Too many of these mails were sent within the hour. Try again in an hour.",
                    HOUR);
        }
        outbox.queueConfirmation(channel);
    }

    /**
     * @param token the token from a mailed link
     * @return the channel whose address it confirms; empty if the token is unknown or has expired
     */
    @Transactional(readOnly = true)
    public Optional<Channel> toConfirm(String token) {
        return confirmations.find(token);
    }

    /**
     * Confirms that an address is the person's own.
     *
     * @param token the token from the mailed link
     * @return the confirmed channel
     * @throws NotFound if the link is unknown or has expired, or the channel is another person's
     */
    public Channel confirm(UserId user, String token) {
        Channel channel = confirmations
                .find(token)
                .filter(found -> found.user().equals(user))
                .orElseThrow(() -> new NotFound("confirmation", "of this link"));
        channels.of(user).stream()
                .filter(other ->
                        other.kind() == ChannelKind.EMAIL && other.target().equalsIgnoreCase(channel.target()))
                .map(Channel::scope)
                .distinct()
                .forEach(memberships::holdToChange);
        confirmations.confirm(channel);
        record(AuditAction.CONFIRM, channel, new Difference(Map.of("confirmed", false), Map.of("confirmed", true)));
        channels.of(user).stream()
                .filter(other ->
                        other.kind() == ChannelKind.EMAIL && other.target().equalsIgnoreCase(channel.target()))
                .forEach(this::changed);
        people.confirmAddress(user, channel.target());
        return channel(user, channel.id());
    }

    /**
     * Subscribes a channel to a topic, or disables or enables the subscription.
     *
     * @throws NotFound if the person has none of that id
     */
    public void subscribe(UserId user, ChannelId id, Topic topic, boolean enabled) {
        Channel channel = hold(user, id);
        channels.subscribe(id, topic, enabled);
        changed(channel);
    }

    /**
     * Ends a subscription; one that does not exist is ignored.
     *
     * @throws NotFound if the person has no channel of that id
     */
    public void unsubscribe(UserId user, ChannelId id, Topic topic) {
        Channel channel = hold(user, id);
        channels.unsubscribe(id, topic);
        changed(channel);
    }

    /**
     * @return a person's own channel, before it is changed; concurrent changes to requests in its scope wait, so that
     *     it is known for each request whether anyone was notified
     */
    private Channel hold(UserId user, ChannelId id) {
        memberships.holdToChange(channel(user, id).scope());
        return channel(user, id);
    }

    private void changed(Channel channel) {
        events.publishEvent(new ReachabilityChanged(channel.user(), channel.scope()));
    }

    private Channel add(UserId user, Scope scope, ChannelKind kind, String name, String target, boolean confirmed) {
        if (memberships.find(user, scope).isEmpty()) {
            if (scope.equals(Scope.PLATFORM)) {
                throw new Forbidden(
                        ErrorCode.MISSING_PERMISSION, "Only superadmins can be notified of the platform's events.");
            }
            throw new NotFound(scope.type().wireName(), scope.id());
        }
        // A person who adds a channel needs no default one.
        List<Channel> present = channels(user, scope);
        if (present.size() >= MAX_CHANNELS) {
            throw new Conflict(
                    ErrorCode.TOO_MANY_CHANNELS, "A person can have at most " + MAX_CHANNELS + " channels here.");
        }
        Instant now = clock.instant();
        Channel channel = new Channel(
                ChannelId.random(),
                user,
                scope,
                kind,
                name.strip(),
                target,
                true,
                confirmed ? Optional.of(now) : Optional.empty(),
                now,
                Map.of());
        if (!channels.insert(channel)) {
            throw new Conflict(ErrorCode.CHANNEL_EXISTS, "You already have a channel with this target here.");
        }
        record(AuditAction.CREATE, channel, Difference.created(describe(channel)));
        return channel;
    }

    private static Map<String, Object> describe(Channel channel) {
        return Map.of("name", channel.name(), "kind", channel.kind(), "target", channel.shownTarget());
    }

    private void record(AuditAction action, Channel channel, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        "notification_channel",
                        channel.id().toString(),
                        channel.name(),
                        channel.scope().toString()),
                Map.of("user", channel.user(), "kind", channel.kind(), "target", channel.shownTarget()),
                difference);
    }

    private static void checkName(Validation validation, String name) {
        DisplayName.check(validation, name, "name", MAX_NAME_LENGTH);
    }
}
