package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against the real server: what the other tests take for its answers is what it answers. */
class CommandLineAtServerTest extends ServerTest {

    @TempDir
    private Path home;

    @Test
    void person_signs_in_sees_who_they_are_and_signs_out() {
        Org org = given.organization();
        Shell shell = signedIn(org.admin());

        assertThat(shell.run("whoami").outLines())
                .contains(
                        "USER: " + org.admin(),
                        "SERVER: " + server(),
                        "ORGANIZATION: " + org.id(),
                        "ROLE: admin of organization " + org.id());
        assertThat(shell.run("org", "list").out()).contains("*  " + org.id());
        String token = readToken(shell);
        assertThat(shell.run("auth", "logout").exitCode()).isZero();
        assertThat(shell.run("whoami").exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
        Shell.Result withdrawn = shell.with("COUNTERSIGN_TOKEN", token).run("whoami", "--server", server());
        assertThat(withdrawn.exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
        assertThat(withdrawn.err()).contains("(unauthenticated)");
    }

    @Test
    void wrong_password_is_refused() {
        Shell.Result login = new Shell(home)
                .input("wrong\n")
                .run("auth", "login", "--server", server(), "-u", given.person("ada"), "--password-stdin");

        assertThat(login.exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
        assertThat(login.err()).contains("(bad_credentials)");
    }

    @Test
    void owner_adds_and_removes_members() {
        Org org = given.organization();
        String newcomer = given.person("newcomer");
        Shell owner = signedIn(org.owner());

        assertThat(owner.run("org", "add-user", newcomer, "--role", "developer").out())
                .isEqualTo(newcomer + " is developer of " + org.id() + ".\n");
        assertThat(owner.run("org", "add-user", newcomer, "--role", "king").err())
                .startsWith("error: role must be one of owner, admin, developer, viewer (invalid_input)");
        assertThat(owner.run("org", "remove-user", newcomer).exitCode()).isZero();
        assertThat(owner.run("org", "remove-user", newcomer).exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void request_is_found_shown_and_approved() {
        Org org = given.organization();
        Approval request = request(org);
        Shell owner = signedIn(org.owner());

        assertThat(owner.run("approvals", "list", "--decidable").out())
                .contains(request.id() + "  create cluster " + request.entityName());
        assertThat(owner.run("approvals", "get", request.id().toString()).outLines())
                .contains("SUBMITTER: " + org.admin(), "CONTENT HASH: " + request.contentHash());

        Shell.Result approve = owner.run("approve", request.id().toString(), "--comment", "fine");

        assertThat(approve.err()).isEmpty();
        assertThat(approve.out()).endsWith("You approved it.\n");
        assertThat(as(org.owner())
                        .get("/api/v1/approvals/" + request.id())
                        .expect(200)
                        .at("/stages/0/decisions/0/origin"))
                .isEqualTo("api");
        assertThat(owner.run("approve", request.id().toString()).err())
                .isEqualTo("error: there is nothing left to decide: create cluster " + request.entityName()
                        + " is approved\n");
    }

    @Test
    void request_is_rejected_with_its_reason() {
        Org org = given.organization();
        Approval request = request(org);

        assertThat(signedIn(org.owner())
                        .run("reject", request.id().toString(), "--reason", "too dear")
                        .exitCode())
                .isZero();
        assertThat(signedIn(org.admin())
                        .run("approvals", "get", request.id().toString())
                        .out())
                .contains("STATUS: rejected", "decided by " + org.owner() + ": too dear");
    }

    @Test
    void rules_of_the_server_are_told_with_their_code() {
        Org org = given.organization();
        Approval request = request(org);
        String id = request.id().toString();

        assertThat(signedIn(org.admin()).run("approve", id).err()).contains("(self_approval)");
        assertThat(signedIn(org.viewer()).run("approve", id).err()).contains("(missing_permission)");
        Shell.Result changed = signedIn(org.owner()).run("approve", id, "--content-hash", "0".repeat(64));
        assertThat(changed.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(changed.err()).startsWith("error: ");
        assertThat(signedIn(org.owner()).run("approvals", "list").out()).contains(id);
    }

    private Approval request(Org org) {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
    }

    private Shell signedIn(String user) {
        return Shell.signedIn(home, server(), user);
    }

    private String readToken(Shell shell) {
        return new CredentialsFile(shell.credentials())
                .entry(server())
                .orElseThrow()
                .token();
    }
}
