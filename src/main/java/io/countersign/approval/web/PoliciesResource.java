package io.countersign.approval.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.http.IfMatch;
import io.countersign.api.paging.Page;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.policy.PolicyBody;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Approval policies")
class PoliciesResource {

    private static final String IN_PROJECT = "/projects/{project}/policies";
    private static final String IN_ORGANIZATION = "/orgs/{org}/policies";
    private static final String OF_PLATFORM = "/policies";

    private static final String SETS =
            "Takes the object that GET tells, or a plain array of stages, which leaves the rest as it is. If-Match names"
                    + " the ETag that was read: 428 without it, 412 if the policy was changed since.";

    private static final String DROPS = "If-Match names the ETag that was read: 428 without it, 412 if it was changed.";

    private final Policies policies;
    private final RequestKinds kinds;

    PoliciesResource(Policies policies, RequestKinds kinds) {
        this.policies = policies;
        this.kinds = kinds;
    }

    /** A whole policy: the object that sets it. */
    record PolicyView(
            List<StagePolicy> stages,
            boolean distinctApprovers,
            String remindAfter,
            String escalateAfter,
            String escalateTo,
            String validFor,
            @JsonProperty("notify") String told,
            boolean bindsOwners) {

        static PolicyView of(Policy policy) {
            return new PolicyView(
                    policy.stages(),
                    policy.distinctApprovers(),
                    policy.waiting().remindAfter(),
                    policy.waiting().escalateAfter(),
                    policy.waiting().escalateTo(),
                    policy.waiting().validFor(),
                    policy.waiting().told(),
                    policy.bindsOwners());
        }
    }

    /** @param action null for the policy of all actions without their own */
    record PolicyEntry(
            EntityType entityType,
            String action,
            @JsonUnwrapped PolicyView policy) {}

    @GetMapping(IN_PROJECT)
    @Operation(summary = "Lists a project's policies: the general one of each kind, then those of single actions")
    Page<PolicyEntry> list(@PathVariable String project) {
        return list(Scope.project(project));
    }

    @GetMapping(IN_PROJECT + "/{entityType}")
    @Operation(summary = "Tells the policy that holds for a kind of thing, or for one action on it, with its ETag")
    ResponseEntity<PolicyView> get(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action) {
        return get(Scope.project(project), entityType, action);
    }

    @PutMapping(IN_PROJECT + "/{entityType}")
    @Operation(
            summary = "Sets the policy for a kind of thing, or for one action on it; requests under way keep theirs",
            description = SETS)
    ResponseEntity<PolicyView> set(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String seen,
            @RequestBody JsonNode body) {
        return set(Scope.project(project), entityType, action, seen, body);
    }

    @DeleteMapping(IN_PROJECT + "/{entityType}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Drops an action's own policy, so that it follows the general one again", description = DROPS)
    void drop(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam String action,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String seen) {
        drop(Scope.project(project), entityType, action, seen);
    }

    @GetMapping(IN_ORGANIZATION)
    @Operation(summary = "Lists an organization's policies")
    Page<PolicyEntry> listOfOrganization(@PathVariable String org) {
        return list(Scope.organization(org));
    }

    @GetMapping(IN_ORGANIZATION + "/{entityType}")
    @Operation(summary = "Tells the policy that holds for a kind of thing in an organization, with its ETag")
    ResponseEntity<PolicyView> getOfOrganization(
            @PathVariable String org, @PathVariable String entityType, @RequestParam(required = false) String action) {
        return get(Scope.organization(org), entityType, action);
    }

    @PutMapping(IN_ORGANIZATION + "/{entityType}")
    @Operation(
            summary = "Sets an organization's policy for a kind of thing; requests under way keep theirs",
            description = SETS)
    ResponseEntity<PolicyView> setOfOrganization(
            @PathVariable String org,
            @PathVariable String entityType,
            @RequestParam(required = false) String action,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String seen,
            @RequestBody JsonNode body) {
        return set(Scope.organization(org), entityType, action, seen, body);
    }

    @DeleteMapping(IN_ORGANIZATION + "/{entityType}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Drops an action's own policy: updates and deletions then need no approval again",
            description = DROPS)
    void dropOfOrganization(
            @PathVariable String org,
            @PathVariable String entityType,
            @RequestParam String action,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String seen) {
        drop(Scope.organization(org), entityType, action, seen);
    }

    @GetMapping(OF_PLATFORM)
    @Operation(summary = "Lists the platform's policies, for superadmins")
    Page<PolicyEntry> listOfPlatform() {
        return list(Scope.PLATFORM);
    }

    @GetMapping(OF_PLATFORM + "/{entityType}")
    @Operation(summary = "Tells the platform's policy for a kind of thing, for superadmins, with its ETag")
    ResponseEntity<PolicyView> getOfPlatform(@PathVariable String entityType) {
        return get(Scope.PLATFORM, entityType, null);
    }

    @PutMapping(OF_PLATFORM + "/{entityType}")
    @Operation(
            summary = "Sets the platform's policy for a kind of thing, for superadmins; requests under way keep theirs",
            description = SETS)
    ResponseEntity<PolicyView> setOfPlatform(
            @PathVariable String entityType,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String seen,
            @RequestBody JsonNode body) {
        return set(Scope.PLATFORM, entityType, null, seen, body);
    }

    private Page<PolicyEntry> list(Scope scope) {
        policies.requireMaySee(CurrentUser.get(), scope);
        return new Page<>(
                policies.in(scope).stream()
                        .map(entry -> new PolicyEntry(
                                entry.entityType(), entry.action().orElse(null), PolicyView.of(entry.policy())))
                        .toList(),
                null);
    }

    private ResponseEntity<PolicyView> get(Scope scope, String entityType, String action) {
        policies.requireMaySee(CurrentUser.get(), scope);
        RequestKind kind = kind(scope, entityType);
        return tagged(policies.of(scope, kind.type(), action(kind, action).orElse("")));
    }

    private ResponseEntity<PolicyView> set(Scope scope, String entityType, String action, String seen, JsonNode body) {
        policies.requireMaySet(CurrentUser.get(), scope);
        RequestKind kind = kind(scope, entityType);
        return tagged(policies.change(
                CurrentUser.get(),
                scope,
                kind.type(),
                action(kind, action),
                IfMatch.of(seen),
                present -> PolicyBody.read(kind, body, present)));
    }

    private void drop(Scope scope, String entityType, String action, String seen) {
        policies.requireMaySet(CurrentUser.get(), scope);
        RequestKind kind = kind(scope, entityType);
        policies.drop(
                CurrentUser.get(), scope, kind.type(), action(kind, action).orElseThrow(), IfMatch.of(seen));
    }

    private static ResponseEntity<PolicyView> tagged(Policy policy) {
        return ResponseEntity.ok().eTag(policy.hash()).body(PolicyView.of(policy));
    }

    private RequestKind kind(Scope scope, String name) {
        return kinds.find(name)
                .filter(kind -> kind.scopeType() == scope.type())
                .orElseThrow(() -> new NotFound("policy", name));
    }

    private static Optional<String> action(RequestKind kind, String action) {
        if (action != null && !kind.actions().contains(action)) {
            throw new InvalidInput("action", "must be one of " + String.join(", ", kind.actions()));
        }
        return Optional.ofNullable(action);
    }
}
