package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {

    private static final String ISSUED = "{\"token\":\"s3cret\",\"expires_at\":\"2025-06-01T12:00:00Z\"}";
    private static final String ME = """
            {"id":"acme-admin","display_name":"Ada","email":"ada@example.com","superadmin":false,"memberships":[
             {"scope_type":"organization","scope":"acme","role":"admin","team":null},
             {"scope_type":"project","scope":"storefront","role":"editor","team":"web"}]}""";

    @TempDir
    private Path home;

    private StandIn server;
    private Shell shell;

    @BeforeEach
    void start() {
        server = new StandIn().answer("POST auth/login", 200, ISSUED).answer("GET auth/me", 200, ME);
        shell = new Shell(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void token_is_stored_and_used_by_the_next_command() {
        Shell.Result login = signIn();

        assertThat(login.exitCode()).isZero();
        assertThat(server.last("POST").json().toString())
                .isEqualTo("{\"username\":\"acme-admin\",\"password\":\"demo\"}");
        Shell.Result whoami = shell.run("whoami");
        assertThat(whoami.outLines())
                .containsExactly(
                        "USER: acme-admin",
                        "NAME: Ada",
                        "EMAIL: ada@example.com",
                        "SERVER: " + server.url(),
                        "ORGANIZATION: acme",
                        "ROLE: admin of organization acme",
                        "ROLE: editor of project storefront, team web");
        assertThat(server.last("GET").authorization()).isEqualTo("Bearer s3cret");
    }

    @Test
    void name_and_password_are_asked_for_at_a_terminal() {
        shell.personAnswering("typed").run("auth", "login", "--server", server.url());

        assertThat(server.last("POST").json().toString()).isEqualTo("{\"username\":\"typed\",\"password\":\"typed\"}");
    }

    @Test
    void script_that_gives_no_password_is_told_how_to() {
        Shell.Result login = shell.run("auth", "login", "--server", server.url(), "--username", "acme-admin");

        assertThat(login.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(login.err()).isEqualTo("error: there is no terminal to prompt at; use --password-stdin\n");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void there_is_no_option_that_takes_a_password() {
        Shell.Result login = shell.run("auth", "login", "--server", server.url(), "-u", "x", "--password", "demo");

        assertThat(login.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    @DisabledOnOs(WINDOWS)
    void only_the_person_can_read_the_stored_token() throws Exception {
        signIn();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shell.credentials())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(shell.credentials().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void token_is_never_printed() {
        assertThat(signIn().out()).doesNotContain("s3cret");
        assertThat(signIn("-o", "json").out())
                .contains("\"username\" : \"acme-admin\"")
                .doesNotContain("s3cret");
    }

    @Test
    void token_is_not_sent_to_another_server_than_issued_it() {
        signIn();
        try (StandIn other = new StandIn()) {
            Shell.Result whoami = shell.run("whoami", "--server", other.url());

            assertThat(whoami.exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
            assertThat(whoami.err())
                    .isEqualTo("error: not signed in to " + other.url() + "; run: countersign auth login\n");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void environment_goes_before_what_is_stored() {
        signIn();

        shell.with("COUNTERSIGN_TOKEN", "from-environment").run("whoami");

        assertThat(server.last("GET").authorization()).isEqualTo("Bearer from-environment");
    }

    @Test
    void wrong_password_is_told_as_such() {
        try (StandIn refusing = new StandIn()
                .answer(
                        "POST auth/login",
                        401,
                        "{\"code\":\"bad_credentials\",\"detail\":\"Name and password do not match.\"}")) {
            Shell.Result login = shell.input("wrong\n")
                    .run("auth", "login", "--server", refusing.url(), "-u", "acme-admin", "--password-stdin");

            assertThat(login.exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
            assertThat(login.err()).isEqualTo("error: Name and password do not match. (bad_credentials)\n");
            assertThat(shell.credentials()).doesNotExist();
        }
    }

    @Test
    void expired_token_is_told_with_the_way_out() {
        signIn();
        try (StandIn expired = new StandIn()
                .answer("GET auth/me", 401, "{\"code\":\"unauthenticated\",\"detail\":\"Sign in first, or again.\"}")) {
            Shell.Result whoami = shell.with("COUNTERSIGN_TOKEN", "old").run("whoami", "--server", expired.url());

            assertThat(whoami.exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
            assertThat(whoami.err())
                    .isEqualTo("error: Sign in first, or again. (unauthenticated)\n  run: countersign auth login\n");
        }
    }

    @Test
    void signing_out_withdraws_and_forgets_the_token() {
        server.answer("POST auth/logout", 204, "");
        signIn();

        assertThat(shell.run("auth", "logout").exitCode()).isZero();

        assertThat(server.last("POST").path()).isEqualTo("auth/logout");
        assertThat(server.last("POST").authorization()).isEqualTo("Bearer s3cret");
        assertThat(shell.run("whoami").exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
        assertThat(shell.credentials()).content().doesNotContain("s3cret");
    }

    @Test
    void token_is_forgotten_even_if_the_server_is_away() {
        signIn();
        server.close();

        assertThat(shell.run("auth", "logout").exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(shell.credentials()).content().doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://countersign.example.com", "http://10.0.0.1:8080", "http://127.0.0.1.example.com"})
    void nothing_secret_goes_over_plain_http_to_another_machine(String url) {
        Shell.Result login = shell.input("demo\n").run("auth", "login", "--server", url, "-u", "x", "--password-stdin");
        Shell.Result whoami = shell.with("COUNTERSIGN_TOKEN", "x").run("whoami", "--server", url);

        assertThat(login.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(whoami.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(whoami.err()).contains("use https, or --insecure-http");
    }

    @ParameterizedTest
    @CsvSource({
        "https://countersign.example.com, true",
        "http://localhost:8080, true",
        "http://127.0.0.1, true",
        "http://[::1]:8080, true",
        "http://countersign, false",
        "http://localhost.example.com, false"
    })
    void loopback_and_tls_are_private(String url, boolean expected) {
        assertThat(Server.isPrivate(Server.parse(url))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:8080", "ftp://x", "https://", "https://user:pw@host", "https://host?x=y", "ht tp"})
    void what_is_no_address_is_refused(String url) {
        assertThat(shell.run("whoami", "--server", url).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void server_that_is_not_there_has_its_own_exit_code() {
        server.close();

        Shell.Result whoami = shell.with("COUNTERSIGN_TOKEN", "x").run("whoami", "--server", server.url());

        assertThat(whoami.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(whoami.err()).startsWith("error: cannot reach " + server.url() + ": ");
    }

    @Test
    void server_of_another_kind_is_told_as_such() {
        server.answer("GET approvals?decidable=false&status=pending&limit=100", 200, "text/html", "<html>");

        Shell.Result list = shell.with("COUNTERSIGN_TOKEN", "x").run("approvals", "list", "--server", server.url());

        assertThat(list.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(list.err()).contains("does not respond like a Countersign server (200)");
    }

    @Test
    void damaged_credentials_file_is_named() throws Exception {
        Files.createDirectories(shell.credentials().getParent());
        Files.writeString(shell.credentials(), "not json");

        Shell.Result whoami = shell.run("whoami");

        assertThat(whoami.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(whoami.err()).contains(shell.credentials().toString());
    }

    @Test
    void servers_audit_trail_knows_the_command_line_by_its_user_agent() {
        shell.with("COUNTERSIGN_TOKEN", "x").run("whoami", "--server", server.url());

        assertThat(server.last("GET").userAgent()).startsWith("countersign-cli/");
    }

    private Shell.Result signIn(String... more) {
        String[] arguments = new String[6 + more.length];
        System.arraycopy(
                new String[] {"auth", "login", "--server=" + server.url(), "-u", "acme-admin", "--password-stdin"},
                0,
                arguments,
                0,
                6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return shell.input("demo\n").run(arguments);
    }
}
