package io.countersign.gateway;

import io.countersign.change.Lifecycle;
import io.countersign.identity.Permission;
import java.util.Optional;

/** What happens to a route. */
public enum RouteEvent implements Lifecycle.Event {
    /** Somebody asks for a new one. */
    SUBMIT_CREATION(Permission.ROUTE_CREATE),
    /** Somebody asks to change it. */
    SUBMIT_UPDATE(Permission.ROUTE_EDIT),
    /** Somebody asks to delete it. */
    SUBMIT_DELETION(Permission.ROUTE_DELETE),
    /** The open request is approved in full. */
    APPROVE,
    /** The request for it is rejected or cancelled. */
    REFUSE_CREATION,
    /** A request to change or delete what is deployed is rejected or cancelled. */
    REFUSE_CHANGE,
    /** The same for a route whose last deployment had failed. */
    REFUSE_CHANGE_OF_UNDEPLOYED,
    /** The open request must be approved again: that lapsed or was taken back before anything was deployed. */
    REOPEN,
    /** Somebody with the permission has it deployed, for the first time or again. */
    DEPLOY(Permission.ROUTE_DEPLOY),
    /** The target has it. */
    ACTIVATE,
    /** Its deletion was deployed: the target has it no more. */
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
