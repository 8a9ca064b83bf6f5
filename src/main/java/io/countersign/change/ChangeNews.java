package io.countersign.change;

import io.countersign.api.http.BaseUrl;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.notification.Message;
import io.countersign.notification.outbox.Notifications;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Notifies the people concerned of how changes ended. */
@Component
class ChangeNews {

    private final Notifications notifications;
    private final Memberships memberships;
    private final BaseUrl baseUrl;

    ChangeNews(Notifications notifications, Memberships memberships, BaseUrl baseUrl) {
        this.notifications = notifications;
        this.memberships = memberships;
        this.baseUrl = baseUrl;
    }

    void send(Outcome outcome) {
        List<Message.Fact> facts = new ArrayList<>(outcome.facts());
        outcome.reason().ifPresent(reason -> facts.add(new Message.Fact("Reason", reason)));
        notifications.send(
                outcome.key(),
                outcome.topic(),
                outcome.scope(),
                recipients(outcome),
                new Message(
                        outcome.subject(),
                        outcome.headline(),
                        facts,
                        Optional.of(new Message.Link(
                                outcome.link().label(),
                                baseUrl.to(outcome.link().path())))));
    }

    private Set<UserId> recipients(Outcome outcome) {
        Set<UserId> recipients = new TreeSet<>();
        for (Membership member : memberships.in(outcome.scope())) {
            if (member.owner() || outcome.asked().test(member.user())) {
                recipients.add(member.user());
            }
        }
        return recipients;
    }
}
