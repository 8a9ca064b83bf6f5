package io.countersign.api.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The stable, machine-readable codes of all problems. {@code docs/errors.md} lists them; a test compares both. A
 * problem without a more specific code has the name of its status, such as {@code method_not_allowed}.
 */
public enum ErrorCode {
    ACCOUNT_MAKER("The decider and the submitter may be one person: one made the other's account recently."),
    ADDRESS_IN_USE("The account is in use, so an administrator does not change its address."),
    ALREADY_ATTACHED("The client is attached to this route."),
    ALREADY_CONFIRMED("The address or channel is confirmed."),
    ALREADY_DECIDED("The stage, or the whole request, is decided."),
    BAD_CREDENTIALS("Name and password do not match."),
    BODY_TOO_LARGE("The request's body is too large."),
    BODY_TOO_SLOW("The request's body arrives too slowly."),
    CHANNEL_EXISTS("The person has a channel with this target in this scope."),
    CLIENT_EXISTS("The project has a client of this name."),
    CLUSTER_EXISTS("The organization has a cluster of this name."),
    CONCURRENT_CHANGE("Another request changed the same thing at the same time; repeating this one may succeed."),
    CONTENT_CHANGED("The content is not the one that the decider was shown."),
    CONTENT_NOT_SHOWN("The form cannot show all of the request; it is decided in the console or with its hash."),
    DATABASE_UNAVAILABLE("The database cannot be reached; Retry-After says when to try again."),
    DEACTIVATED("The account is deactivated."),
    DELEGATION_CHAIN("A stand-in is away too, and a stand-in has no stand-in."),
    DELEGATION_EXISTS("This person stands in, or is asked to, during that time."),
    DEPROVISIONED("The orchestrator is deprovisioned."),
    DOMAIN_EXISTS("The project has a domain of this id."),
    DOMAIN_IN_USE("The domain has routes."),
    EXISTS_ALREADY("The target has such an object that does not belong to this owner."),
    EXPRESSIONS_CLOSED("Queries and filters of the engine run no expressions."),
    FORBIDDEN("The caller has no access to this address."),
    FOREIGN_NAMESPACE("The target's namespace is not bound to this owner."),
    HOST_TAKEN("The host belongs to another domain."),
    IDEMPOTENCY_KEY_REUSED("The Idempotency-Key was used for another request."),
    INTERNAL_ERROR("Something failed in the server; the log has the cause."),
    INVALID_INPUT("Fields break their rules; errors names each."),
    INVALID_TRANSITION("The tenant's status does not allow this."),
    JUST_SENT("A mail was sent less than a minute ago."),
    LAST_OWNER("The organization or project would have no owner left."),
    LATER_STAGE_DECIDED("A later stage is decided, and must not stand without this one."),
    LIFECYCLE_EXISTS("The registration has its lifecycle process."),
    MALFORMED_BODY("The body is not valid JSON."),
    MISSING_PERMISSION("The caller's role lacks the permission."),
    NAMESPACE_TAKEN("The namespace belongs to another project or organization."),
    NO_ADDRESS("The account has no e-mail address."),
    NO_MEMBERSHIP("The person is a member nowhere yet."),
    NO_QUESTION("There is no question that waits for an answer."),
    NOT_APPROVED("The approval is missing, incomplete or no longer valid."),
    NOT_FOUND("It does not exist, or the caller may not see it."),
    NOT_REJECTED("Nobody rejected the registration."),
    NOT_STUCK("Only a stuck stage can be decided by override."),
    NOT_YOUR_DECISION("Only one's own approval can be taken back."),
    NOT_YOURS("People claim tasks for themselves and give back their own."),
    NOT_YOURSELF("Another superadmin must do this."),
    ORGANIZATION_EXISTS("There is an organization of this id."),
    OVERLOADED("The server has too many requests; Retry-After says when to try again."),
    OWN_MEMBERSHIP("Nobody changes their own role or team."),
    PRECONDITION_FAILED("The thing changed since the caller saw it (If-Match)."),
    PRECONDITION_REQUIRED("The request must say which version the caller saw (If-Match)."),
    PROCESS_ENDED("An administrator ended the process; the request can only be cancelled."),
    PROCESS_OUT_OF_STEP("The tenant's process does not wait for this."),
    PROJECT_EXISTS("There is a project of this id."),
    REJECTED("A rejected tenant has no features."),
    REQUEST_PENDING("Another request about the same thing is open."),
    REQUEST_REFUSED("The URL or a parameter has a form that the server does not take."),
    ROUTE_EXISTS("The domain has a route of this name."),
    SAME_APPROVER("The policy wants distinct people, and this one decided before."),
    SECOND_SUPERADMIN("Another superadmin must confirm this."),
    SELF_APPROVAL("Submitters never decide their own requests."),
    SIGNS_IN_ELSEWHERE("The person signs in at the identity provider and has no password here."),
    STAGE_NOT_OPEN("An earlier stage is open, or the request ended before this stage opened."),
    SUBMITTER_CANNOT_ANSWER("No person submitted the request, so nobody can answer."),
    TARGET_BUSY("Something is being deployed or provisioned right now."),
    TARGET_UNAVAILABLE("The gateway could not take the key, so none was issued."),
    TEAM_EXISTS("The project has a team of this id."),
    TOO_MANY_ATTEMPTS("Too many attempts to sign in; Retry-After says when to try again."),
    TOO_MANY_CHANNELS("The person has as many channels as the scope allows."),
    TOO_MANY_CONFIRMATIONS("Too many confirmation mails were sent within the hour."),
    TOO_MANY_PROPOSALS("Too many requests to stand in are unanswered."),
    TOOK_TOO_LONG("The database took too long; nothing was changed."),
    UNAUTHENTICATED("The caller must sign in."),
    USER_EXISTS("There is a user of this name."),
    WAITING_FOR_SUBMITTER("The submitter must answer a question first."),
    WRONG_STATE("The thing's state does not allow this."),
    WRONG_TEAM("The stage or thing is for another team.");

    private final String meaning;

    ErrorCode(String meaning) {
        this.meaning = meaning;
    }

    /** @return the name in JSON, such as {@code self_approval} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return its meaning, in one sentence */
    public String meaning() {
        return meaning;
    }
}
