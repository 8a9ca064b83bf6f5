package io.countersign.gateway;

/** What happens to a route. */
public enum RouteEvent {
    /** Somebody asks for a new one. */
    SUBMIT_CREATION,
    /** Somebody asks to change it. */
    SUBMIT_UPDATE,
    /** Somebody asks to delete it. */
    SUBMIT_DELETION,
    /** The open request is approved in full. */
    APPROVE,
    /** The request for it is rejected or cancelled. */
    REFUSE_CREATION,
    /** A request to change or delete what is deployed is rejected or cancelled. */
    REFUSE_CHANGE,
    /** The same for a route whose last deployment had failed. */
    REFUSE_CHANGE_OF_UNDEPLOYED,
    /** Somebody with the permission has it deployed, for the first time or again. */
    DEPLOY,
    /** The target has it. */
    ACTIVATE,
    /** Its deletion was deployed: the target has it no more. */
    REMOVE
}
