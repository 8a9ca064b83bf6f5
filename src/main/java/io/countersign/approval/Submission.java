package io.countersign.approval;

import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.util.Optional;

/**
 * A domain's request for approval.
 *
 * @param entityType the kind of thing
 * @param entityId the id of that thing
 * @param entityName its display name
 * @param action the requested action, such as {@code create}
 * @param scope the scope of the policy
 * @param submitter who submits it
 * @param content the requested content: a value that {@link CanonicalJson} can write
 * @param current the content it would replace, if any
 * @param policy the stages it needs; {@link Policy#NONE} for immediate approval
 */
public record Submission(
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        Scope scope,
        Principal submitter,
        Object content,
        Optional<Object> current,
        Policy policy) {}
