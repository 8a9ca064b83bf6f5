package io.countersign.notification.channel;

import io.countersign.approval.ReachabilityChanged;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.AddressConfirmed;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Gives every member with a confirmed address an e-mail channel in the scope, subscribed to all topics, so that
 * approvals reach them before they open their settings. Happens once per membership: a deleted channel stays deleted.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class DefaultChannels {

    private final ChannelStore channels;
    private final Memberships memberships;
    private final People people;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    DefaultChannels(
            ChannelStore channels,
            Memberships memberships,
            People people,
            ApplicationEventPublisher events,
            Clock clock) {
        this.channels = channels;
        this.memberships = memberships;
        this.people = people;
        this.events = events;
        this.clock = clock;
    }

    /** Gives new members their channel; members who left get another one when they return. */
    @EventListener
    public void membershipChanged(MembershipChanged change) {
        if (change.after().isPresent()) {
            give(List.of(change.user()), change.scope());
        } else {
            channels.forgetDefault(change.user(), change.scope());
        }
    }

    /** Confirms the channels to a confirmed address, and adds missing default channels. */
    @EventListener
    public void addressConfirmed(AddressConfirmed confirmed) {
        memberships.of(confirmed.user()).stream()
                .map(Membership::scope)
                .sorted(Comparator.comparing(Scope::toString))
                .forEach(scope -> {
                    memberships.holdToChange(scope);
                    channels.confirm(confirmed.user(), confirmed.address(), clock.instant());
                    give(List.of(confirmed.user()), scope);
                    events.publishEvent(new ReachabilityChanged(confirmed.user(), scope));
                });
    }

    /**
     * Adds missing default channels, also for superadmins and people whose address was confirmed later.
     *
     * @param users any users; non-members get nothing
     * @return whether any of them got one
     */
    public boolean give(Collection<UserId> users, Scope scope) {
        boolean given = false;
        for (Person person : people.findAll(channels.withoutDefault(users, scope))) {
            if (!person.emailConfirmed()
                    || !EmailAddress.isValid(person.email())
                    || memberships.find(person.id(), scope).isEmpty()) {
                continue;
            }
            Instant now = clock.instant();
            if (channels.noteDefault(person.id(), scope, now)
                    && channels.of(person.id(), scope).isEmpty()) {
                add(person, scope, Optional.of(now));
                given = true;
            }
        }
        return given;
    }

    /**
     * Prepares the channel that a person will have after confirming their address.
     *
     * @return the channel; empty if they have one there
     */
    public Optional<Channel> prepare(Person person, Scope scope) {
        return channels.of(person.id(), scope).isEmpty()
                ? Optional.of(add(person, scope, Optional.empty()))
                : Optional.empty();
    }

    private Channel add(Person person, Scope scope, Optional<Instant> confirmedAt) {
        Channel channel = new Channel(
                ChannelId.random(),
                person.id(),
                scope,
                ChannelKind.EMAIL,
                "E-mail",
                person.email(),
                true,
                confirmedAt,
                clock.instant(),
                Map.of());
        channels.insert(channel);
        for (Topic topic : Topic.values()) {
            channels.subscribe(channel.id(), topic, true);
        }
        return channel;
    }
}
