package io.countersign.gateway;

import static io.countersign.change.Lifecycle.line;
import static io.countersign.gateway.AttachmentEvent.*;
import static io.countersign.gateway.AttachmentStatus.*;

import io.countersign.change.Lifecycle;
import java.util.List;

/** The lifecycle of an attachment. */
public final class AttachmentLifecycle {

    /** The whole table. */
    public static final Lifecycle<AttachmentStatus, AttachmentEvent> TABLE = new Lifecycle<>(
            List.of(
                    line(null, SUBMIT_ATTACH, PENDING_ATTACH),
                    line(PENDING_ATTACH, APPROVE, APPROVED),
                    line(PENDING_ATTACH, REFUSE_ATTACH, REJECTED),
                    line(APPROVED, REFUSE_ATTACH, REJECTED),
                    line(APPROVED, APPROVE, APPROVED),
                    line(APPROVED, ACTIVATE, ACTIVE),
                    line(ACTIVE, SUBMIT_DETACH, PENDING_DETACH),
                    line(PENDING_DETACH, APPROVE, APPROVED),
                    line(PENDING_DETACH, REFUSE_DETACH, ACTIVE),
                    line(APPROVED, REFUSE_DETACH, ACTIVE),
                    line(APPROVED, REMOVE, REMOVED),
                    line(PENDING_ATTACH, LOSE_ROUTE, REMOVED),
                    line(APPROVED, LOSE_ROUTE, REMOVED),
                    line(ACTIVE, LOSE_ROUTE, REMOVED),
                    line(PENDING_DETACH, LOSE_ROUTE, REMOVED)),
            RouteLifecycle::refusal);

    private AttachmentLifecycle() {}
}
