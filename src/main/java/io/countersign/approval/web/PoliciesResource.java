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
import io.countersign.identity.Memberships;
import io.countersign.identity.Permission;
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
@RequestMapping("/api/v1/projects/{project}/policies")
@Tag(name = "Approval policies")
class PoliciesResource {

    private final Policies policies;
    private final Memberships memberships;

    PoliciesResource(Policies policies, Memberships memberships) {
        this.policies = policies;
        this.memberships = memberships;
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

    @GetMapping
    @Operation(summary = "Lists a project's policies: the general one of each kind, then those of single actions")
    Page<PolicyView> list(@PathVariable String project) {
        requireVisible(project);
        return new Page<>(
                policies.in(Scope.project(project)).stream()
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

    @GetMapping("/{entityType}")
    @Operation(summary = "Tells the stages that hold for a kind of thing, or for one action on it")
    List<StagePolicy> get(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action) {
        requireVisible(project);
        EntityType type = type(entityType);
        return present(project, type, action(type, action)).stages();
    }

    @PutMapping("/{entityType}")
    @Operation(summary = "Sets the stages for a kind of thing, or for one action on it; requests under way keep theirs")
    List<StagePolicy> set(
            @PathVariable String project,
            @PathVariable String entityType,
            @RequestParam(required = false) String action,
            @RequestBody JsonNode body) {
        memberships.require(CurrentUser.get(), Scope.project(project), Permission.PROJECT_APPROVAL_POLICY);
        EntityType type = type(entityType);
        Optional<String> of = action(type, action);
        Policy policy = PolicyBody.read(body, present(project, type, of));
        policies.save(CurrentUser.get(), project, type, of, policy);
        return policy.stages();
    }

    @DeleteMapping("/{entityType}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Drops an action's own policy, so that it follows the general one again")
    void drop(@PathVariable String project, @PathVariable String entityType, @RequestParam String action) {
        EntityType type = type(entityType);
        policies.drop(CurrentUser.get(), project, type, action(type, action).orElseThrow());
    }

    private Policy present(String project, EntityType type, Optional<String> action) {
        return policies.of(Scope.project(project), type, action.orElse(""));
    }

    private static EntityType type(String name) {
        return EntityType.find(name)
                .filter(type -> type.scopeType() == Scope.Type.PROJECT)
                .orElseThrow(() -> new NotFound("policy", name));
    }

    private static Optional<String> action(EntityType type, String action) {
        if (action != null && !Policies.actions(type).contains(action)) {
            throw new InvalidInput("action", "must be one of " + String.join(", ", Policies.actions(type)));
        }
        return Optional.ofNullable(action);
    }

    private void requireVisible(String project) {
        boolean visible =
                memberships.find(CurrentUser.get(), Scope.project(project)).isPresent()
                        || memberships.find(CurrentUser.get(), Scope.PLATFORM).isPresent();
        if (!visible) {
            throw new NotFound("project", project);
        }
    }
}
