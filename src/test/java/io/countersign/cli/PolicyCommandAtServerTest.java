package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies on the command line. */
class PolicyCommandAtServerTest extends ServerTest {

    @TempDir
    private Path home;

    @Test
    void owner_says_who_is_mailed_and_changes_nothing_else() {
        Org org = given.organization();
        String path = "/api/v1/orgs/" + org.id() + "/policies/cluster";
        as(org.owner())
                .putPolicy(
                        path,
                        Map.of(
                                "stages",
                                List.of(Map.of(
                                        "order", 1, "required_permission", "cluster.approve", "team_scope", "any")),
                                "remind_after",
                                "P1D"))
                .expect(200);
        Shell owner = Shell.signedIn(home, server(), org.owner());

        Shell.Result got = owner.run("policy", "get", "cluster");
        assertThat(got.err()).isEmpty();
        assertThat(got.outLines()).contains("REMIND AFTER: P1D", "NOTIFY: default");
        Shell.Result changed = owner.run("policy", "notify", "cluster", "last_deciders");

        assertThat(changed.outLines()).contains("REMIND AFTER: P1D", "NOTIFY: last_deciders");
        assertThat(as(org.owner()).get(path).expect(200).at("/notify")).isEqualTo("last_deciders");
        assertThat(owner.run("policy", "notify", "cluster", "team").err()).contains("notify must be one of");
        assertThat(owner.run("policy", "notify", "cluster", "default").outLines())
                .contains("NOTIFY: default");
    }

    @Test
    void projects_have_theirs() {
        String person = given.person("owner");
        String project = given.project(person);
        Shell owner = Shell.signedIn(home, server(), person);

        assertThat(owner.run("policy", "notify", "route", "team", "--project", project)
                        .outLines())
                .contains("NOTIFY: team");
        assertThat(owner.run("policy", "get", "route", "--project", project, "--action", "delete")
                        .outLines())
                .contains("NOTIFY: team");
    }

    @Test
    void platform_has_its_own() {
        Shell superadmin = Shell.signedIn(home, server(), given.superadmin());

        assertThat(superadmin.run("policy", "get", "tenant").outLines())
                .anyMatch(line -> line.contains("tenant.approve"));
        assertThat(superadmin.run("policy", "get", "nothing").exitCode()).isNotZero();
    }
}
