package io.countersign.gateway;

import io.countersign.change.Lifecycle;
import io.countersign.identity.Permission;
import java.util.Optional;

/** The events in a route's lifecycle. */
public enum RouteEvent implements Lifecycle.Event {
    /** A new route is requested. */
    SUBMIT_CREATION(Permission.ROUTE_CREATE),
    /** A change is requested. */
    SUBMIT_UPDATE(Permission.ROUTE_EDIT),
    /** Its deletion is requested. */
    SUBMIT_DELETION(Permission.ROUTE_DELETE),
    /** The open request is approved in full. */
    APPROVE,
    /** The request for it is rejected or cancelled. */
    REFUSE_CREATION,
    /** A request to change or delete a deployed route is rejected or cancelled. */
    REFUSE_CHANGE,
    /** The same for a route whose last deployment had failed. */
    REFUSE_CHANGE_OF_UNDEPLOYED,
    /** The open request must be approved again: its approval lapsed or was taken back before anything was deployed. */
    REOPEN,
    /** A person with the permission deploys it, for the first time or again. */
    DEPLOY(Permission.ROUTE_DEPLOY),
    /** The target has it. */
    ACTIVATE,
    /** Its deletion was deployed: the target no longer has it. */
    REMOVE;

    private final Optional<Permission> permission;

    RouteEvent() {
        this.permission = Optional.empty();
    }

    RouteEvent(Permission permission) {
        this.permission = Optional.of(permission);
    }

    @Override
    public Optional<Permission> permission() {
        return permission;
    }
}
