package io.countersign.approval;

import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Which stages a request needs. A change here never touches requests already submitted: they carry a copy. */
@Component
@Transactional
public class Policies {

    private static final String EVERY_ACTION = "*";

    private final JdbcClient jdbc;

    Policies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param entityType the kind of thing
     * @return the policy of a scope that never set one (design; multi-stage-approval page, "Default Approval Policies")
     */
    public static Policy defaultFor(EntityType entityType) {
        return switch (entityType) {
            case ROUTE -> Policy.singleStage(Permission.ROUTE_APPROVE);
            case CLIENT_ATTACHMENT ->
                new Policy(
                        List.of(
                                new Policy.StagePolicy(1, Permission.CLIENT_APPROVE, TeamScope.OTHER_TEAM, 1),
                                new Policy.StagePolicy(2, Permission.CLIENT_APPROVE, TeamScope.ANY, 1)),
                        false);
            case CLUSTER -> Policy.singleStage(Permission.CLUSTER_APPROVE);
            case TENANT -> Policy.singleStage(Permission.TENANT_APPROVE);
        };
    }

    /**
     * @param action what is asked for, such as {@code create}
     * @return the policy that holds in a scope: the action's own, else the entity type's, else the default
     */
    @Transactional(readOnly = true)
    public Policy of(Scope scope, EntityType entityType, String action) {
        return jdbc.sql("""
                        select policy from approval_policies
                        where scope = ? and entity_type = ? and action in (?, '*')
                        order by action = '*' limit 1""")
                .params(scope.toString(), entityType.wireName(), action)
                .query(String.class)
                .optional()
                .map(text -> CanonicalJson.read(text, Policy.class))
                .orElseGet(() -> defaultFor(entityType));
    }

    /** Stores the policy for every action that has none of its own. */
    void store(Scope scope, EntityType entityType, Policy policy) {
        jdbc.sql("""
                        insert into approval_policies (scope, entity_type, action, policy) values (?, ?, ?, ?::jsonb)
                        on conflict (scope, entity_type, action)
                            do update set policy = excluded.policy, updated_at = now()""")
                .params(scope.toString(), entityType.wireName(), EVERY_ACTION, CanonicalJson.write(policy))
                .update();
    }
}
