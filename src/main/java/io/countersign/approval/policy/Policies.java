package io.countersign.approval.policy;

import io.countersign.api.http.IfMatch;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.PreconditionFailed;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.project.Projects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Which stages a request needs. Changes never affect submitted requests: they carry a copy. */
@Component
@Transactional
public class Policies {

    /** The trail's name for the policy of all actions without their own. */
    public static final String EVERY_ACTION = "*";

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final Projects projects;
    private final AuditTrail audit;
    private final RequestKinds kinds;

    Policies(JdbcClient jdbc, Memberships memberships, Projects projects, AuditTrail audit, RequestKinds kinds) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.projects = projects;
        this.audit = audit;
        this.kinds = kinds;
    }

    /**
     * @param action the requested action, such as {@code create}
     * @return the policy in force in a scope: the action's own, else the entity type's, else the default; none for
     *     actions that need approval only if a scope says so
     */
    @Transactional(readOnly = true)
    public Policy of(Scope scope, EntityType entityType, String action) {
        RequestKind kind = kinds.of(entityType);
        boolean onlyItsOwn = kind.freeActions().contains(action);
        return jdbc.sql("""
                        select policy from approval_policies
                        where scope = ? and entity_type = ? and action in (?, ?)
                        order by action = '*' limit 1""")
                .params(scope.toString(), entityType.wireName(), action, onlyItsOwn ? action : EVERY_ACTION)
                .query(String.class)
                .optional()
                .map(text -> CanonicalJson.read(text, Policy.class))
                .orElseGet(() -> onlyItsOwn ? Policy.NONE : kind.defaultPolicy());
    }

    /**
     * A policy that a scope set.
     *
     * @param entityType the kind of thing
     * @param action the action it applies to; empty for all actions without their own policy
     * @param policy the stages
     */
    public record Entry(EntityType entityType, Optional<String> action, Policy policy) {}

    /** @return the policies in force in a scope: for each kind of thing the general one, then those of actions */
    @Transactional(readOnly = true)
    public List<Entry> in(Scope scope) {
        Map<String, Policy> own = new HashMap<>();
        jdbc.sql("select entity_type, action, policy from approval_policies where scope = ?")
                .param(scope.toString())
                .query(row -> {
                    own.put(
                            row.getString("entity_type") + " " + row.getString("action"),
                            CanonicalJson.read(row.getString("policy"), Policy.class));
                });
        List<Entry> entries = new ArrayList<>();
        for (RequestKind kind : kinds.in(scope.type())) {
            EntityType type = kind.type();
            Policy general = own.get(type.wireName() + " " + EVERY_ACTION);
            entries.add(new Entry(type, Optional.empty(), general == null ? kind.defaultPolicy() : general));
            for (String action : kind.actions()) {
                Policy special = own.get(type.wireName() + " " + action);
                if (special != null) {
                    entries.add(new Entry(type, Optional.of(action), special));
                }
            }
        }
        return entries;
    }

    /**
     * Changes a scope's policy for future requests. Changes of a scope's policies are serialized, so that each one sees
     * the result of the previous one.
     *
     * @param actor someone who may set approval policies there
     * @param scope a project, an organization or the platform
     * @param action the action it applies to; empty for all actions without their own policy
     * @param seen the version that the actor has seen, see {@link Policy#hash()}
     * @param change derives the new policy, with valid stages, from the present one
     * @return the new policy
     * @throws NotFound if the actor is not a member
     * @throws Forbidden unless the actor may set approval policies
     * @throws PreconditionFailed if the present policy is not the one that the actor has seen
     * @throws InvalidInput with the reason if no one in the scope could satisfy it
     */
    public Policy change(
            UserId actor,
            Scope scope,
            EntityType entityType,
            Optional<String> action,
            IfMatch seen,
            UnaryOperator<Policy> change) {
        requireMaySet(actor, scope);
        Policy before = hold(scope, entityType, action.orElse(EVERY_ACTION), seen);
        Policy policy = change.apply(before);
        List<TeamId> teams = scope.type() == Scope.Type.PROJECT
                ? projects.teams(scope.id()).stream()
                        .map(team -> new TeamId(team.id()))
                        .toList()
                : List.of();
        ApprovalRules.unsatisfiable(policy, memberships.in(scope), teams).ifPresent(reason -> {
            throw new InvalidInput("stages", "can be satisfied by nobody: " + reason);
        });
        if (policy.bindsOwners()) {
            requireAnotherThanTheOwner(scope, policy);
        }
        if (policy.waiting()
                .group()
                .filter(group -> memberships.in(scope).stream().noneMatch(group::includes))
                .isPresent()) {
            throw new InvalidInput(
                    "escalate_to",
                    "must have members, and nobody is in " + policy.waiting().escalateTo());
        }
        store(scope, entityType, action.orElse(EVERY_ACTION), policy);
        audit(
                scope,
                entityType,
                action,
                Map.of("action", action.orElse(EVERY_ACTION), "policy", policy),
                new Difference(before, policy));
        return policy;
    }

    private void requireAnotherThanTheOwner(Scope scope, Policy policy) {
        List<Membership> members = new ArrayList<>(memberships.in(scope));
        members.stream().filter(Membership::owner).findFirst().ifPresent(members::remove);
        ApprovalRules.unsatisfiable(policy, members, List.of()).ifPresent(reason -> {
            throw new InvalidInput("binds_owners", "leaves an owner's own request to nobody: " + reason);
        });
    }

    /**
     * Locks a scope's policies until the transaction ends, even if there is no row to lock yet.
     *
     * @return the policy at that point
     */
    private Policy hold(Scope scope, EntityType entityType, String action, IfMatch seen) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('policies of ' || ?, 0))")
                .param(scope.toString())
                .query((row, n) -> scope)
                .single();
        Policy present = of(scope, entityType, action);
        seen.require(present.hash());
        return present;
    }

    /**
     * Removes an action's own policy, so that it follows the entity type's again.
     *
     * @param seen the version that the actor has seen, see {@link Policy#hash()}
     * @throws NotFound if the actor is not a member, or the action has no policy of its own
     * @throws Forbidden unless the actor may set approval policies
     * @throws PreconditionFailed if the action's policy is not the one that the actor has seen
     */
    public void drop(UserId actor, Scope scope, EntityType entityType, String action, IfMatch seen) {
        requireMaySet(actor, scope);
        Policy before = hold(scope, entityType, action, seen);
        int dropped = jdbc.sql("delete from approval_policies where scope = ? and entity_type = ? and action = ?")
                .params(scope.toString(), entityType.wireName(), action)
                .update();
        if (dropped == 0) {
            throw new NotFound("policy", entityType.wireName() + " " + action);
        }
        audit(
                scope,
                entityType,
                Optional.of(action),
                Map.of("action", action, "policy", "dropped"),
                new Difference(before, of(scope, entityType, action)));
    }

    /**
     * @throws NotFound if the actor may not see the scope
     * @throws Forbidden unless the actor may set the scope's approval policies
     */
    public void requireMaySet(UserId actor, Scope scope) {
        memberships.require(actor, scope, neededToSet(scope));
    }

    /** @return whether the person may set the scope's approval policies */
    @Transactional(readOnly = true)
    public boolean maySet(UserId person, Scope scope) {
        return memberships
                .find(person, scope)
                .filter(member -> member.permissions().contains(neededToSet(scope)))
                .isPresent();
    }

    /**
     * @throws NotFound if the reader may not see the scope
     * @throws Forbidden for the platform's policies, unless the reader is a superadmin
     */
    @Transactional(readOnly = true)
    public void requireMaySee(UserId reader, Scope scope) {
        boolean superadmin = memberships.find(reader, Scope.PLATFORM).isPresent();
        if (scope.equals(Scope.PLATFORM) && !superadmin) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only superadmins can do this.");
        }
        if (!superadmin && memberships.find(reader, scope).isEmpty()) {
            throw new NotFound(scope.type().wireName(), scope.id());
        }
    }

    private static Permission neededToSet(Scope scope) {
        return switch (scope.type()) {
            case PROJECT -> Permission.PROJECT_APPROVAL_POLICY;
            case ORGANIZATION -> Permission.ORGANIZATION_APPROVAL_POLICY;
            case PLATFORM -> Permission.TENANT_MANAGE;
        };
    }

    /** Stores the policy for all actions without their own. */
    void store(Scope scope, EntityType entityType, Policy policy) {
        store(scope, entityType, EVERY_ACTION, policy);
    }

    /** @return the trail's name for the policies of a kind of thing in a scope */
    public static String trailId(Scope scope, EntityType entityType) {
        return scope.id() + "/" + entityType.wireName();
    }

    private void audit(
            Scope scope,
            EntityType entityType,
            Optional<String> action,
            Map<String, ?> details,
            Difference difference) {
        String id = trailId(scope, entityType);
        audit.record(
                AuditAction.UPDATE,
                new AuditSubject(
                        "approval_policy",
                        id,
                        id + action.map(name -> " " + name).orElse(""),
                        scope.toString()),
                details,
                difference);
    }

    private void store(Scope scope, EntityType entityType, String action, Policy policy) {
        jdbc.sql("""
                        insert into approval_policies (scope, entity_type, action, policy) values (?, ?, ?, ?::jsonb)
                        on conflict (scope, entity_type, action)
                            do update set policy = excluded.policy, updated_at = now()""")
                .params(scope.toString(), entityType.wireName(), action, CanonicalJson.write(policy))
                .update();
    }
}
