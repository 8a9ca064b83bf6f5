package io.countersign.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import io.countersign.identity.membership.GroupNames;
import java.util.List;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.util.ResourceTypeUtil;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class EngineAuthorizationsTest extends ProcessTest {

    @Autowired
    private EngineAuthorizations engineAuthorizations;

    @Autowired
    private AuthorizationService authorizations;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void start_that_finds_every_right_granted_writes_nothing() {
        List<String> before = versions();

        engineAuthorizations.run(null);

        assertThat(before).isNotEmpty();
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void administrators_may_do_everything_with_everything() {
        assertThat(Resources.values()).allSatisfy(resource -> {
            Authorization rights = rights(GroupNames.ENGINE_ADMINS, resource, Authorization.ANY);
            assertThat(ResourceTypeUtil.getPermissionsByResourceType(resource.resourceType()))
                    .filteredOn(permission -> List.of(permission.getTypes()).contains(resource))
                    .isNotEmpty()
                    .allMatch(rights::isPermissionGranted);
        });
    }

    @Test
    void right_that_was_taken_away_is_granted_by_the_next_start() {
        authorizations.deleteAuthorization(cockpit().getId());

        engineAuthorizations.run(null);

        assertThat(cockpit().isPermissionGranted(Permissions.ACCESS)).isTrue();
    }

    @Test
    void right_that_was_added_is_taken_away_by_the_next_start() {
        Authorization deployments = rights(GroupNames.SUPERADMINS, Resources.DEPLOYMENT, Authorization.ANY);
        deployments.addPermission(Permissions.DELETE);
        authorizations.saveAuthorization(deployments);

        engineAuthorizations.run(null);

        Authorization after = rights(GroupNames.SUPERADMINS, Resources.DEPLOYMENT, Authorization.ANY);
        assertThat(after.isPermissionGranted(Permissions.READ)).isTrue();
        assertThat(after.isPermissionGranted(Permissions.DELETE)).isFalse();
    }

    private Authorization cockpit() {
        return rights(GroupNames.SUPERADMINS, Resources.APPLICATION, "cockpit");
    }

    private Authorization rights(String group, Resources resource, String id) {
        return authorizations
                .createAuthorizationQuery()
                .groupIdIn(group)
                .resourceType(resource)
                .resourceId(id)
                .singleResult();
    }

    private List<String> versions() {
        return jdbc.sql("select id_ || ' ' || rev_ from act_ru_authorization order by id_")
                .query(String.class)
                .list();
    }
}
