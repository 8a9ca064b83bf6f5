package io.countersign.gateway;

import static io.countersign.change.Lifecycle.line;
import static io.countersign.gateway.RouteEvent.*;
import static io.countersign.gateway.RouteStatus.*;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.change.Lifecycle;
import java.util.List;
import java.util.Locale;

/**
 * The lifecycle of a route. A refused request returns the route to the status it had, and what is deployed stays
 * unchanged; a refused creation is final.
 */
public final class RouteLifecycle {

    /** The whole table. */
    public static final Lifecycle<RouteStatus, RouteEvent> TABLE = new Lifecycle<>(
            List.of(
                    line(null, SUBMIT_CREATION, PENDING_CREATE),
                    line(PENDING_CREATE, APPROVE, APPROVED),
                    line(PENDING_CREATE, REFUSE_CREATION, REJECTED),
                    line(APPROVED, REFUSE_CREATION, REJECTED),
                    line(ACTIVE, SUBMIT_UPDATE, PENDING_UPDATE),
                    line(PENDING_DEPLOY, SUBMIT_UPDATE, PENDING_UPDATE),
                    line(PENDING_UPDATE, APPROVE, APPROVED),
                    line(PENDING_UPDATE, REFUSE_CHANGE, ACTIVE),
                    line(PENDING_UPDATE, REFUSE_CHANGE_OF_UNDEPLOYED, PENDING_DEPLOY),
                    line(ACTIVE, SUBMIT_DELETION, PENDING_DELETE),
                    line(PENDING_DEPLOY, SUBMIT_DELETION, PENDING_DELETE),
                    line(PENDING_DELETE, APPROVE, APPROVED),
                    line(PENDING_DELETE, REFUSE_CHANGE, ACTIVE),
                    line(PENDING_DELETE, REFUSE_CHANGE_OF_UNDEPLOYED, PENDING_DEPLOY),
                    line(APPROVED, REFUSE_CHANGE, ACTIVE),
                    line(APPROVED, REFUSE_CHANGE_OF_UNDEPLOYED, PENDING_DEPLOY),
                    line(APPROVED, REOPEN, APPROVED),
                    line(APPROVED, APPROVE, APPROVED),
                    line(APPROVED, DEPLOY, PENDING_DEPLOY),
                    line(PENDING_DEPLOY, REOPEN, APPROVED),
                    line(PENDING_DEPLOY, REFUSE_CREATION, REJECTED),
                    line(PENDING_DEPLOY, REFUSE_CHANGE, ACTIVE),
                    line(PENDING_DEPLOY, REFUSE_CHANGE_OF_UNDEPLOYED, PENDING_DEPLOY),
                    line(ACTIVE, DEPLOY, PENDING_DEPLOY),
                    line(PENDING_DEPLOY, DEPLOY, PENDING_DEPLOY),
                    line(PENDING_DEPLOY, ACTIVATE, ACTIVE),
                    line(PENDING_DEPLOY, REMOVE, null)),
            RouteLifecycle::refusal);

    private RouteLifecycle() {}

    /** Why an event cannot happen to a route or an attachment. */
    static Conflict refusal(Enum<?> from, Enum<?> event) {
        return new Conflict(
                ErrorCode.WRONG_STATE,
                "This cannot happen while the status is " + from.name().toLowerCase(Locale.ROOT) + ".");
    }
}
