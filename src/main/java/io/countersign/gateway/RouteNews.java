package io.countersign.gateway;

import io.countersign.approval.Approval;
import io.countersign.approval.kind.Topic;
import io.countersign.change.Outcome;
import io.countersign.change.Outcome.Link;
import io.countersign.gateway.Route.Action;
import io.countersign.identity.Scope;
import io.countersign.notification.Message.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The news of a deployment that ended, for the requester of the change and the project's owners. */
final class RouteNews {

    private RouteNews() {}

    /** A deployment is done. */
    static Outcome finished(Route route, Approval approval, Instant now) {
        boolean deletion = route.released().orElseThrow().action() == Action.DELETE;
        String subject = "Route " + route.fullName() + (deletion ? " is deleted" : " is active");
        String headline = "Route " + route.fullName() + (deletion ? " is gone." : " is deployed as it was approved.");
        return of(route, approval, subject, headline, Optional.empty(), now);
    }

    /** A deployment failed permanently. */
    static Outcome failed(Route route, Approval approval, String reason, Instant now) {
        return of(
                route,
                approval,
                "Deploying route " + route.fullName() + " failed",
                "Deploying route " + route.fullName() + " failed. Deploy it again once the cause is fixed.",
                Optional.of(reason),
                now);
    }

    private static Outcome of(
            Route route, Approval approval, String subject, String headline, Optional<String> reason, Instant now) {
        return new Outcome(
                "route:" + route.id() + ":" + now.toEpochMilli(),
                Topic.APPLICATION_PIPELINE,
                Scope.project(route.project()),
                person -> approval.submitter().is(person),
                subject,
                headline,
                List.of(
                        new Fact("Route", route.fullName()),
                        new Fact("Project", route.project()),
                        new Fact("Requested by", approval.submitter().name())),
                reason,
                new Link("Open the request", "/approvals/" + approval.id()));
    }
}
