package io.countersign.notification.notice;

import io.countersign.api.http.BaseUrl;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.SuperadminAsked;
import io.countersign.notification.Message;
import io.countersign.notification.Message.Link;
import io.countersign.notification.content.RequestSummaries;
import io.countersign.notification.outbox.Outbox;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Notifies superadmins of open account tasks. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class AccountNotices {

    private final Outbox outbox;
    private final Memberships memberships;
    private final RequestSummaries summaries;
    private final BaseUrl baseUrl;

    AccountNotices(Outbox outbox, Memberships memberships, RequestSummaries summaries, BaseUrl baseUrl) {
        this.outbox = outbox;
        this.memberships = memberships;
        this.summaries = summaries;
        this.baseUrl = baseUrl;
    }

    /** Asks the other superadmins to confirm a new one. */
    @EventListener
    public void superadminAsked(SuperadminAsked asked) {
        List<UserId> others = memberships.in(Scope.PLATFORM).stream()
                .map(Membership::user)
                .filter(user -> !user.equals(asked.by()))
                .toList();
        outbox.queueMessage(
                "superadmin:" + asked.person() + ":" + UUID.randomUUID(),
                Topic.SYSTEM_EVENTS,
                Scope.PLATFORM,
                others,
                new Message(
                        "Confirm a new superadmin",
                        summaries.person(asked.by()) + " wants " + summaries.person(asked.person())
                                + " to be a superadmin. Another superadmin must confirm this.",
                        List.of(),
                        Optional.of(new Link("Confirm or decline", baseUrl.to("/people/" + asked.person())))));
    }
}
