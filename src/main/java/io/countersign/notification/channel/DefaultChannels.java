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
 * Gives every member of a scope who has a confirmed address an e-mail channel there, subscribed to all topics, so that
 * approvals reach them before they ever open their settings. Happens once for each membership: one they delete stays
 * deleted.
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

    /** Gives those who came their channel; those who left get another one if they come back. */
    @EventListener
    public void membershipChanged(MembershipChanged change) {
        if (change.after().isPresent()) {
            give(List.of(change.user()), change.scope());
        } else {
            channels.forgetDefault(change.user(), change.scope());
        }
    }

    /** Lets whatever goes to an address that turned out to be a person's be sent, and gives them what they lack. */
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
     * Gives those who lack it their channel: also people whose address was confirmed later, and superadmins.
     *
     * @param users anyone; those who are no members get nothing
     * @return whether anybody got one
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
     * Gives somebody the channel that they will have once they have confirmed their address.
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
