package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecideCommandTest {

    @TempDir
    private Path home;

    private StandIn server;
    private Shell shell;

    @BeforeEach
    void start() {
        server = new StandIn()
                .answer("GET orgs/acme/clusters/prod-eu", 200, "{\"name\":\"prod-eu\",\"approval_id\":\"a-1\"}")
                .answer("GET approvals/a-1", 200, approval("pending", "approved", "pending"))
                .answer("POST approvals/a-1/stages/s-2/approve", 200, approval("approved", "approved", "approved"))
                .answer("POST approvals/a-1/stages/s-2/reject", 200, approval("rejected", "approved", "rejected"));
        shell = new Shell(home)
                .with("COUNTERSIGN_SERVER", server.url())
                .with("COUNTERSIGN_TOKEN", "t")
                .with("COUNTERSIGN_ORG", "acme");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void owner_approves_a_cluster_by_its_name_and_sees_what_it_is() {
        Shell.Result approve = shell.run("infra", "k8s", "approve", "prod-eu", "--comment", "fine");

        assertThat(approve.exitCode()).isZero();
        assertThat(approve.outLines())
                .containsSubsequence(
                        "REQUEST: create cluster prod-eu",
                        "APPROVAL: a-1",
                        "STATUS: pending",
                        "ASKED: acme-owner",
                        "MAY DECIDE: acme-owner2, acme-owner3",
                        "SUBMITTER: acme-admin",
                        "STAGE 1: approved, decided by x: looks good",
                        "STAGE 2: pending, needs cluster.approve of team any",
                        "CONTENT:",
                        "    \"region\" : \"eu-west-1\"",
                        "CONTENT HASH: abc",
                        "You approved it.");
        assertThat(server.last("POST").json().toString()).isEqualTo("{\"comment\":\"fine\",\"content_hash\":\"abc\"}");
    }

    @Test
    void rejection_needs_a_reason_and_carries_it() {
        assertThat(shell.run("infra", "k8s", "reject", "prod-eu").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(server.requests()).isEmpty();

        Shell.Result reject = shell.run("infra", "k8s", "reject", "prod-eu", "--reason", "@home is dear");

        assertThat(reject.out()).endsWith("You rejected it.\n");
        assertThat(server.last("POST").path()).isEqualTo("approvals/a-1/stages/s-2/reject");
        assertThat(server.last("POST").json().path("comment").asText()).isEqualTo("@home is dear");
    }

    @Test
    void request_of_any_kind_is_decided_by_its_id() {
        assertThat(shell.run("approve", "a-1").exitCode()).isZero();
        assertThat(shell.run("reject", "a-1", "--reason", "no").exitCode()).isZero();

        assertThat(server.lines())
                .containsExactly(
                        "GET approvals/a-1",
                        "POST approvals/a-1/stages/s-2/approve",
                        "GET approvals/a-1",
                        "POST approvals/a-1/stages/s-2/reject");
    }

    @Test
    void content_seen_earlier_is_what_is_decided() {
        shell.run("approve", "a-1", "--content-hash", "seen");

        assertThat(server.last("POST").json().path("content_hash").asText()).isEqualTo("seen");
    }

    @Test
    void person_at_a_terminal_is_asked_before_anything_is_decided() {
        Shell.Result approve = shell.personAnswering("n").run("approve", "a-1");

        assertThat(approve.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(approve.err()).isEqualTo("error: not confirmed; nothing was decided\n");
        assertThat(server.lines()).containsExactly("GET approvals/a-1");
        assertThat(shell.personAnswering("y").run("approve", "a-1").exitCode()).isZero();
        assertThat(shell.personAnswering("n").run("approve", "a-1", "--yes").exitCode())
                .isZero();
    }

    @Test
    void further_approvals_that_are_needed_are_told() {
        try (StandIn two = new StandIn()
                .answer("GET approvals/a-1", 200, approval("pending", "pending", "pending"))
                .answer("POST approvals/a-1/stages/s-1/approve", 200, approval("pending", "approved", "pending"))) {
            assertThat(shell.run("approve", "a-1", "--server", two.url()).out())
                    .endsWith("You approved it. The request is pending: more approvals are needed.\n");
        }
    }

    @Test
    void servers_refusal_is_passed_on() {
        try (StandIn refusing = new StandIn()
                .answer("GET approvals/a-1", 200, approval("pending", "pending", "pending"))
                .answer(
                        "POST approvals/a-1/stages/s-1/approve",
                        403,
                        "{\"code\":\"self_approval\",\"detail\":\"Nobody decides their own request.\"}")) {
            Shell.Result approve = shell.run("approve", "a-1", "--server", refusing.url());

            assertThat(approve.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(approve.err()).isEqualTo("error: Nobody decides their own request. (self_approval)\n");
        }
    }

    @Test
    void decided_request_leaves_nothing_to_decide() {
        try (StandIn decided =
                new StandIn().answer("GET approvals/a-1", 200, approval("rejected", "rejected", "pending"))) {
            Shell.Result approve = shell.run("approve", "a-1", "--server", decided.url());

            assertThat(approve.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(approve.err())
                    .isEqualTo("error: there is nothing left to decide: create cluster prod-eu is rejected\n");
            assertThat(decided.lines()).containsExactly("GET approvals/a-1");
        }
    }

    @Test
    void cluster_without_approval_is_told_as_such() {
        server.answer("GET orgs/acme/clusters/dev", 200, "{\"name\":\"dev\",\"approval_id\":null}");

        assertThat(shell.run("infra", "k8s", "approve", "dev").err())
                .isEqualTo("error: cluster dev needed no approval\n");
    }

    @Test
    void approvals_are_listed_pending_ones_first_asked_for() {
        String page = "{\"items\":[" + approval("pending", "pending", "pending") + "],\"next_cursor\":null}";
        server.answer("GET approvals?decidable=true&status=pending&limit=100", 200, page)
                .answer("GET approvals?decidable=false&limit=100", 200, page);

        assertThat(shell.at("2025-06-01T12:05:00Z")
                        .run("approvals", "list", "--decidable")
                        .outLines())
                .containsExactly(
                        "APPROVAL  REQUEST                 SCOPE  STATUS           SUBMITTER   AGE",
                        "a-1       create cluster prod-eu  acme   pending (stuck)  acme-admin  5m");
        assertThat(shell.run("approvals", "list", "--status", "all").exitCode()).isZero();
    }

    @Test
    void json_is_all_that_is_printed_if_asked_for() throws Exception {
        Shell.Result approve = shell.personAnswering("n").run("approve", "a-1", "-o", "json");

        assertThat(Json.read(approve.out().getBytes(StandardCharsets.UTF_8))
                        .path("status")
                        .asText())
                .isEqualTo("approved");
    }

    private static String approval(String status, String first, String second) {
        return """
               {"id":"a-1","entity_type":"cluster","entity_id":"prod-eu","entity_name":"prod-eu","action":"create",
                "scope_type":"organization","scope":"acme","status":"%s","submitter":"acme-admin",
                "submitted_at":"2025-06-01T12:00:00Z","stuck":true,"stuck_reason":null,
                "asked":["acme-owner"],"may_decide":["acme-owner2","acme-owner3"],
                "content":{"name":"prod-eu","region":"eu-west-1"},"content_hash":"abc","stages":[
                {"id":"s-1","order":1,"required_permission":"cluster.approve","team_scope":"any","status":"%s",
                 "decided_by":"x","decided_at":"2025-06-01T12:01:00Z","comment":"looks good"},
                {"id":"s-2","order":2,"required_permission":"cluster.approve","team_scope":"any","status":"%s",
                 "decided_by":null,"decided_at":null,"comment":null}]}""".formatted(status, first, second);
    }
}
