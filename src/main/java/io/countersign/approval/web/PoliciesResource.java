package io.countersign.approval.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.InvalidInput;
import io.countersign.api.NotFound;
import io.countersign.api.Page;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policies;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.PolicyBody;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
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

    private final Policies policies;

    PoliciesResource(Policies policies) {
        this.policies = policies;
    }

    /** @param action null for the policy of every action that has none of its own */
    record PolicyView(
            EntityType entityType,
            String action,
            List<StagePolicy> stages,
            boolean distinctApprovers,
            String remindAfter,
            String escalateAfter,
            String escalateTo,
            String validFor) {}

    @GetMapping(IN_PROJECT)
    @Operation(summary = "Lists a project's policies: the general one of each kind, then those of single actions")
    Page<PolicyView> list(@PathVariable String project) {
        return list(Scope.project(project));
    }

    @GetMapping(IN_PROJECT + "/{entityType}")
    @Operation(summary = "Tells the stages that hold for a kind of thing, or for one action on it")
    List<StagePolicy> get(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action) {
        return get(Scope.project(project), entityType, action);
    }

    @PutMapping(IN_PROJECT + "/{entityType}")
    @Operation(summary = "Sets the stages for a kind of thing, or for one action on it; requests under way keep theirs")
    List<StagePolicy> set(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action,
            @RequestBody JsonNode body) {
        return set(Scope.project(project), entityType, action, body);
    }

    @DeleteMapping(IN_PROJECT + "/{entityType}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Drops an action's own policy, so that it follows the general one again")
    void drop(@PathVariable String project, @PathVariable String entityType, @RequestParam String action) {
        Scope scope = Scope.project(project);
        EntityType type = type(scope, entityType);
        policies.drop(CurrentUser.get(), scope, type, action(type, action).orElseThrow());
    }

    @GetMapping(IN_ORGANIZATION)
    @Operation(summary = "Lists an organization's policies")
    Page<PolicyView> listOfOrganization(@PathVariable String org) {
        return list(Scope.organization(org));
    }

    @GetMapping(IN_ORGANIZATION + "/{entityType}")
    @Operation(summary = "Tells the stages that hold for an organization's clusters")
    List<StagePolicy> getOfOrganization(@PathVariable String org, @PathVariable String entityType) {
        return get(Scope.organization(org), entityType, null);
    }

    @PutMapping(IN_ORGANIZATION + "/{entityType}")
    @Operation(summary = "Sets the stages for an organization's clusters; requests under way keep theirs")
    List<StagePolicy> setOfOrganization(
            @PathVariable String org, @PathVariable String entityType, @RequestBody JsonNode body) {
        return set(Scope.organization(org), entityType, null, body);
    }

    @GetMapping(OF_PLATFORM)
    @Operation(summary = "Lists the platform's policies, for superadmins")
    Page<PolicyView> listOfPlatform() {
        return list(Scope.PLATFORM);
    }

    @GetMapping(OF_PLATFORM + "/{entityType}")
    @Operation(summary = "Tells the stages that hold for tenants, for superadmins")
    List<StagePolicy> getOfPlatform(@PathVariable String entityType) {
        return get(Scope.PLATFORM, entityType, null);
    }

    @PutMapping(OF_PLATFORM + "/{entityType}")
    @Operation(summary = "Sets the stages for tenants, for superadmins; requests under way keep theirs")
    List<StagePolicy> setOfPlatform(@PathVariable String entityType, @RequestBody JsonNode body) {
        return set(Scope.PLATFORM, entityType, null, body);
    }

    private Page<PolicyView> list(Scope scope) {
        policies.requireMaySee(CurrentUser.get(), scope);
        return new Page<>(
                policies.in(scope).stream()
                        .map(entry -> new PolicyView(
                                entry.entityType(),
                                entry.action().orElse(null),
                                entry.policy().stages(),
                                entry.policy().distinctApprovers(),
                                entry.policy().waiting().remindAfter(),
                                entry.policy().waiting().escalateAfter(),
                                entry.policy().waiting().escalateTo(),
                                entry.policy().waiting().validFor()))
                        .toList(),
                null);
    }

    private List<StagePolicy> get(Scope scope, String entityType, String action) {
        policies.requireMaySee(CurrentUser.get(), scope);
        EntityType type = type(scope, entityType);
        return present(scope, type, action(type, action)).stages();
    }

    private List<StagePolicy> set(Scope scope, String entityType, String action, JsonNode body) {
        policies.requireMaySet(CurrentUser.get(), scope);
        EntityType type = type(scope, entityType);
        Optional<String> of = action(type, action);
        Policy policy = PolicyBody.read(type, body, present(scope, type, of));
        policies.save(CurrentUser.get(), scope, type, of, policy);
        return policy.stages();
    }

    private Policy present(Scope scope, EntityType type, Optional<String> action) {
        return policies.of(scope, type, action.orElse(""));
    }

    private static EntityType type(Scope scope, String name) {
        return EntityType.find(name)
                .filter(type -> type.scopeType() == scope.type())
                .orElseThrow(() -> new NotFound("policy", name));
    }

    private static Optional<String> action(EntityType type, String action) {
        if (action != null && !Policies.actions(type).contains(action)) {
            throw new InvalidInput("action", "must be one of " + String.join(", ", Policies.actions(type)));
        }
        return Optional.ofNullable(action);
    }
}
