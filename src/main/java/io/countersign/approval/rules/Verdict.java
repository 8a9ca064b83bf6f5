package io.countersign.approval.rules;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.Problem;
import io.countersign.identity.UserId;
import java.util.Optional;

/**
 * The verdict of the rules on a person and a stage.
 *
 * @param refusal the rule that refuses; empty if the person may decide
 * @param explanation the user-facing explanation
 * @param onBehalfOf the absent approver on whose behalf the person may decide, if they may not on their own
 */
public record Verdict(Optional<Refusal> refusal, String explanation, Optional<UserId> onBehalfOf) {

    /** The person may decide. */
    public static final Verdict ALLOWED = new Verdict(Optional.empty(), "May decide this stage.", Optional.empty());

    /** @return whether the person may decide */
    public boolean allowed() {
        return refusal.isEmpty();
    }

    static Verdict allowedInPlaceOf(UserId absent) {
        return new Verdict(
                Optional.empty(), "May decide this stage in the place of " + absent + ".", Optional.of(absent));
    }

    public static Verdict refused(Refusal refusal, String explanation) {
        return new Verdict(Optional.of(refusal), explanation, Optional.empty());
    }

    /** @return the refusal as clients see it: 403 if another person might have been allowed, else 409 */
    public Problem problem() {
        Refusal rule = refusal.orElseThrow();
        return rule.aboutPerson() ? new Forbidden(rule.code(), explanation) : new Conflict(rule.code(), explanation);
    }
}
