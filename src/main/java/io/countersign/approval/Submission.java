package io.countersign.approval;

import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.util.Optional;

/**
 * What a domain asks people to agree to.
 *
 * @param entityType the kind of thing
 * @param entityId which one
 * @param entityName its name for people
 * @param action what is asked for, such as {@code create}
 * @param scope where the policy holds
 * @param submitter who asks
 * @param content what is asked for: a value that {@link CanonicalJson} can write
 * @param current what it would replace, if anything
 * @param policy the stages it needs; {@link Policy#NONE} to have it approved at once
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
