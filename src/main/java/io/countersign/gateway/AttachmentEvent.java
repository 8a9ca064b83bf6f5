package io.countersign.gateway;

import io.countersign.change.Lifecycle;

/** What happens to an attachment. */
public enum AttachmentEvent implements Lifecycle.Event {
    /** Somebody asks for it. */
    SUBMIT_ATTACH,
    /** Somebody asks to end it. */
    SUBMIT_DETACH,
    /** The open request is approved in full. */
    APPROVE,
    /** The request for it is rejected or cancelled. */
    REFUSE_ATTACH,
    /** The request to end it is rejected or cancelled. */
    REFUSE_DETACH,
    /** The route was deployed with this client. */
    ACTIVATE,
    /** The route was deployed without this client. */
    REMOVE,
    /** The route is gone. */
    LOSE_ROUTE
}
