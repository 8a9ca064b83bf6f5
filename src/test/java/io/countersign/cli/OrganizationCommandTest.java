package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrganizationCommandTest {

    private static final String TWO =
            "{\"items\":[{\"id\":\"acme\",\"name\":\"Acme\"},{\"id\":\"globex\",\"name\":\"Globex\"}],\"next_cursor\":null}";
    private static final String ONE = "{\"items\":[{\"id\":\"acme\",\"name\":\"Acme\"}],\"next_cursor\":null}";
    private static final String EMPTY = "{\"items\":[],\"next_cursor\":null}";
    private static final String ME =
            "{\"id\":\"ada\",\"memberships\":[{\"scope_type\":\"organization\",\"scope\":\"acme\",\"role\":\"owner\",\"team\":null}]}";

    @TempDir
    private Path home;

    private StandIn server;
    private Shell shell;

    @BeforeEach
    void start() {
        server = new StandIn()
                .answer("GET auth/me", 200, ME)
                .answer("GET orgs/acme/clusters?limit=100", 200, EMPTY)
                .answer("GET orgs/globex/clusters?limit=100", 200, EMPTY)
                .answer("POST auth/login", 200, "{\"token\":\"t\",\"expires_at\":\"2025-06-01T12:00:00Z\"}");
        shell = new Shell(home);
        shell.input("demo\n").run("auth", "login", "--server", server.url(), "-u", "ada", "--password-stdin");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_only_organization_is_the_active_one() {
        server.answer("GET orgs?limit=100", 200, ONE);

        assertThat(shell.run("org", "list").outLines())
                .containsExactly("   ORGANIZATION  NAME  ROLE", "*  acme          Acme  owner");
        assertThat(shell.run("infra", "k8s", "get").exitCode()).isZero();
    }

    @Test
    void of_several_organizations_one_must_be_chosen() {
        server.answer("GET orgs?limit=100", 200, TWO);

        Shell.Result get = shell.run("infra", "k8s", "get");

        assertThat(get.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(get.err()).contains("countersign org use <org>");
    }

    @Test
    void without_any_organization_there_is_nothing_to_work_in() {
        server.answer("GET orgs?limit=100", 200, EMPTY);

        assertThat(shell.run("infra", "k8s", "get").err()).isEqualTo("error: you belong to no organization\n");
    }

    @Test
    void chosen_organization_stays_chosen() {
        server.answer("GET orgs?limit=100", 200, TWO);

        assertThat(shell.run("org", "use", "globex").exitCode()).isZero();

        shell.run("infra", "k8s", "get");
        assertThat(server.last("GET").path()).startsWith("orgs/globex/");
        assertThat(shell.run("org", "list").outLines())
                .containsExactly(
                        "   ORGANIZATION  NAME    ROLE",
                        "   acme          Acme    owner",
                        "*  globex        Globex  -");
    }

    @Test
    void option_goes_before_environment_and_environment_before_choice() {
        server.answer("GET orgs?limit=100", 200, TWO);
        shell.run("org", "use", "globex");

        shell.with("COUNTERSIGN_ORG", "acme").run("infra", "k8s", "get");
        assertThat(server.last("GET").path()).startsWith("orgs/acme/");

        shell.run("infra", "k8s", "get", "--org", "globex");
        assertThat(server.last("GET").path()).startsWith("orgs/globex/");
    }

    @Test
    void organization_that_is_not_the_persons_cannot_be_chosen() {
        server.answer("GET orgs?limit=100", 200, TWO);

        assertThat(shell.run("org", "use", "initech").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void members_are_added_with_a_role_and_removed() {
        server.answer(
                        "PUT orgs/acme/members/bob",
                        200,
                        "{\"user\":\"bob\",\"display_name\":\"Bob\",\"role\":\"admin\"}")
                .answer("DELETE orgs/acme/members/bob", 204, "");

        Shell.Result added = shell.run("org", "add-user", "bob", "--role", "admin", "--org", "acme");
        Shell.Result removed = shell.run("org", "remove-user", "bob", "--org", "acme");

        assertThat(added.out()).isEqualTo("bob is admin of acme.\n");
        assertThat(server.last("PUT").body()).isEqualTo("{\"role\":\"admin\"}");
        assertThat(removed.out()).isEqualTo("bob is no longer a member of acme.\n");
    }

    @Test
    void person_leaves_what_they_are_a_member_of() {
        server.answer("DELETE projects/storefront/members/ada", 204, "")
                .answer(
                        "DELETE orgs/acme/members/ada",
                        409,
                        "{\"code\":\"last_owner\",\"detail\":\"An only owner stays.\"}");

        Shell.Result left = shell.run("leave", "project:storefront");

        assertThat(left.out()).isEqualTo("You are no longer a member of project storefront.\n");
        assertThat(shell.run("leave", "organization:acme").err())
                .isEqualTo("error: An only owner stays. (last_owner)\n");
        assertThat(shell.run("leave", "storefront").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void names_cannot_leave_their_place_in_the_path() {
        shell.run("org", "remove-user", "../../x y?z", "--org", "acme");

        assertThat(server.last("DELETE").path()).isEqualTo("orgs/acme/members/..%2F..%2Fx%20y%3Fz");
    }
}
