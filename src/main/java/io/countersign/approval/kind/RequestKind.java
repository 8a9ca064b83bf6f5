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
 * A kind of request: its policies, its audience, and its wording on pages and in mails. Each is a bean;
 * {@link org.springframework.core.annotation.Order} sorts them. A kind that touches external objects also has a
 * {@link io.countersign.approval.preview.PreviewSource}.
 */
public interface RequestKind {

    /** @return its name in the database, in paths and in JSON */
    EntityType type();

    /** @return the type of scope of its requests and policies */
    Scope.Type scopeType();

    /** @return the endpoint that submits a request, such as {@code POST /api/v1/tenants} */
    String resource();

    /** How carrying out a request ends. */
    enum End {
        SUCCEEDED,
        /** Given up after the last attempt. */
        FAILED;

        /** @return the name in metrics */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return the actions that may have their own policy, in display order */
    List<String> actions();

    /** @return the policy of a scope that never set one */
    Policy defaultPolicy();

    /** @return the actions that need approval only if a scope sets a policy for them */
    default Set<String> freeActions() {
        return Set.of();
    }

    /** @return the permissions that a stage may require, the usual one first */
    List<Permission> deciding();

    /** @return whether owners need no approval, unless a policy binds them */
    default boolean exemptsOwners() {
        return false;
    }

    /** @return whether an approval may lapse before it is carried out, so that a policy may limit it */
    default boolean mayLapse() {
        return true;
    }

    /** @return the notification topic of its requests */
    Topic topic();

    /** @return the audit actions that record the end of carrying out; empty if carrying out takes one step */
    default Map<AuditAction, End> ends() {
        return Map.of();
    }

    /** @return the consequence of approving a request, in words */
    Consequence consequence();

    /**
     * @param scope the scope of the thing
     * @param id the id of the thing
     * @param name its display name
     * @return the path of its page, or empty if it has none
     */
    Optional<String> page(Scope scope, String id, String name);

    /** @return the path of the page of a request's subject, or empty if it has none */
    default Optional<String> page(Approval approval) {
        return page(approval.scope(), approval.entityId(), approval.entityName());
    }

    /**
     * @param content the content of a request
     * @return a one-line summary
     */
    String summary(JsonNode content);
}
