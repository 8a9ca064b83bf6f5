package io.countersign.gateway;

import io.countersign.api.http.BaseUrl;
import io.countersign.approval.Approval;
import io.countersign.approval.kind.Topic;
import io.countersign.gateway.Route.Action;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.notification.Message;
import io.countersign.notification.Notifications;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Tells the people concerned how a deployment ended: who asked for the change, and the project's owners. */
@Component
class RouteNews {

    private final Notifications notifications;
    private final Memberships memberships;
    private final BaseUrl baseUrl;

    RouteNews(Notifications notifications, Memberships memberships, BaseUrl baseUrl) {
        this.notifications = notifications;
        this.memberships = memberships;
        this.baseUrl = baseUrl;
    }

    /** Tells that a deployment is done. */
    void finished(Route route, Approval approval, Instant now) {
        boolean deletion = route.released().orElseThrow().action() == Action.DELETE;
        String subject = "Route " + route.fullName() + (deletion ? " is deleted" : " is active");
        String headline = "Route " + route.fullName() + (deletion ? " is gone." : " is deployed as it was approved.");
        send(route, approval, subject, headline, Optional.empty(), now);
    }

    /** Tells that a deployment failed for the last time. */
    void failed(Route route, Approval approval, String reason, Instant now) {
        send(
                route,
                approval,
                "Deploying route " + route.fullName() + " failed",
                "Deploying route " + route.fullName() + " failed. Deploy it again once the cause is removed.",
                Optional.of(reason),
                now);
    }

    private void send(
            Route route, Approval approval, String subject, String headline, Optional<String> reason, Instant now) {
        List<Message.Fact> facts = new ArrayList<>(List.of(
                new Message.Fact("Route", route.fullName()),
                new Message.Fact("Project", route.project()),
                new Message.Fact("Requested by", approval.submitter().name())));
        reason.ifPresent(text -> facts.add(new Message.Fact("Reason", text)));
        notifications.send(
                "route:" + route.id() + ":" + now.toEpochMilli(),
                Topic.APPLICATION_PIPELINE,
                Scope.project(route.project()),
                recipients(route, approval),
                new Message(
                        subject,
                        headline,
                        facts,
                        Optional.of(new Message.Link("Open the request", baseUrl.to("/approvals/" + approval.id())))));
    }

    private Set<UserId> recipients(Route route, Approval approval) {
        Set<UserId> recipients = new TreeSet<>();
        for (Membership member : memberships.in(Scope.project(route.project()))) {
            if (member.owner() || approval.submitter().is(member.user())) {
                recipients.add(member.user());
            }
        }
        return recipients;
    }
}
