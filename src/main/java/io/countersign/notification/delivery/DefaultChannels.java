package io.countersign.notification.delivery;

import io.countersign.identity.MembershipChanged;
import io.countersign.identity.Memberships;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Channel;
import io.countersign.notification.ChannelId;
import io.countersign.notification.ChannelKind;
import io.countersign.notification.Topic;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Clock clock;

    DefaultChannels(ChannelStore channels, Memberships memberships, People people, Clock clock) {
        this.channels = channels;
        this.memberships = memberships;
        this.people = people;
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

    /**
     * Gives those who lack it their channel: also people whose address was confirmed later, and superadmins.
     *
     * @param users anyone; those who are no members get nothing
     * @return whether anybody got one
     */
    public boolean give(Collection<UserId> users, Scope scope) {
        boolean given = false;
        for (UserId user : channels.withoutDefault(users, scope)) {
            Optional<Person> person = people.find(user)
                    .filter(p -> p.email() != null && p.emailConfirmed() && MailTransport.isAddress(p.email()));
            if (person.isEmpty() || memberships.find(user, scope).isEmpty()) {
                continue;
            }
            Instant now = clock.instant();
            if (channels.noteDefault(user, scope, now)
                    && channels.of(user, scope).isEmpty()) {
                add(person.get(), scope, now);
                given = true;
            }
        }
        return given;
    }

    private void add(Person person, Scope scope, Instant now) {
        Channel channel = new Channel(
                ChannelId.random(),
                person.id(),
                scope,
                ChannelKind.EMAIL,
                "E-mail",
                person.email(),
                true,
                Optional.of(now),
                now,
                Map.of());
        channels.insert(channel);
        for (Topic topic : Topic.values()) {
            channels.subscribe(channel.id(), topic, true);
        }
    }
}
