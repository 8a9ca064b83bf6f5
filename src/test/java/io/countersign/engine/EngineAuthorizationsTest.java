package io.countersign.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import io.countersign.identity.GroupNames;
import java.util.List;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.Resources;
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
    void right_that_was_taken_away_is_granted_by_the_next_start() {
        authorizations.deleteAuthorization(cockpit().getId());

        engineAuthorizations.run(null);

        assertThat(cockpit().isPermissionGranted(Permissions.ACCESS)).isTrue();
    }

    @Test
    void right_that_was_added_is_taken_away_by_the_next_start() {
        Authorization deployments = superadmins(Resources.DEPLOYMENT, Authorization.ANY);
        deployments.addPermission(Permissions.DELETE);
        authorizations.saveAuthorization(deployments);

        engineAuthorizations.run(null);

        Authorization after = superadmins(Resources.DEPLOYMENT, Authorization.ANY);
        assertThat(after.isPermissionGranted(Permissions.READ)).isTrue();
        assertThat(after.isPermissionGranted(Permissions.DELETE)).isFalse();
    }

    private Authorization cockpit() {
        return superadmins(Resources.APPLICATION, "cockpit");
    }

    private Authorization superadmins(Resources resource, String id) {
        return authorizations
                .createAuthorizationQuery()
                .groupIdIn(GroupNames.SUPERADMINS)
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
