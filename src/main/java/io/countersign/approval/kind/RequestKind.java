package io.countersign.approval.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.audit.AuditAction;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of request: what its policies may say, who is told of it, and how pages and mails put it. Each is a bean;
 * {@link org.springframework.core.annotation.Order} places it among the others. A kind that touches objects of the
 * outside world has a {@link io.countersign.approval.preview.PreviewSource} besides.
 */
public interface RequestKind {

    /** @return its name in the database, in paths and in JSON */
    EntityType type();

    /** @return the type of scope in which its requests are made and its policies hold */
    Scope.Type scopeType();

    /** @return the endpoint that submits a request, such as {@code POST /api/v1/tenants} */
    String resource();

    /** How the carrying out of a request ends. */
    enum End {
        SUCCEEDED,
        /** Given up after the last try. */
        FAILED;

        /** @return the name in metrics */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return the actions that may have a policy of their own, in the order in which people read them */
    List<String> actions();

    /** @return the policy of a scope that never set one */
    Policy defaultPolicy();

    /** @return the actions that need approval only where a scope sets a policy of their own */
    default Set<String> freeActions() {
        return Set.of();
    }

    /** @return the permissions that a stage may ask for, the usual one first */
    List<Permission> deciding();

    /** @return whether owners need no approval, unless a policy binds them */
    default boolean exemptsOwners() {
        return false;
    }

    /** @return whether an approval may lapse before it is carried out, so that a policy may limit it */
    default boolean mayLapse() {
        return true;
    }

    /** @return the topic under which people are told of its requests */
    Topic topic();

    /** @return the entries of the trail that record an end of carrying out; empty if carrying out takes one step */
    default Map<AuditAction, End> ends() {
        return Map.of();
    }

    /** @return what approving a request leads to, in words */
    Consequence consequence();

    /**
     * @param scope where the thing is
     * @param id which one
     * @param name its name for people
     * @return the path of its page, or empty if it has none
     */
    Optional<String> page(Scope scope, String id, String name);

    /** @return the path of the page of what a request is about, or empty if it has none */
    default Optional<String> page(Approval approval) {
        return page(approval.scope(), approval.entityId(), approval.entityName());
    }

    /**
     * @param content what a request asks for
     * @return the gist of it in one line
     */
    String summary(JsonNode content);
}
