package io.countersign.gateway;

import io.countersign.change.Lifecycle;

/** The events in an attachment's lifecycle. */
public enum AttachmentEvent implements Lifecycle.Event {
    /** The attachment is requested. */
    SUBMIT_ATTACH,
    /** Its end is requested. */
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
