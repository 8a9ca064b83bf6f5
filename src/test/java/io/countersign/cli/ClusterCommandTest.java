package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCommandTest {

    @TempDir
    private Path home;

    private StandIn server;
    private Shell shell;

    @BeforeEach
    void start() {
        server = new StandIn();
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
    void cluster_is_shown_line_by_line_with_its_state() {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("APPROVAL_PENDING"));

        Shell.Result get = shell.run("infra", "k8s", "get", "prod-eu");

        assertThat(get.exitCode()).isZero();
        assertThat(get.outLines())
                .containsExactly(
                        "NAME: prod-eu",
                        "STATE: APPROVAL_PENDING",
                        "PROVIDER: aws",
                        "REGION: eu-west-1",
                        "VERSION: 1.30",
                        "NODE GROUPS: workers 1-3 t3.large|t3.xlarge",
                        "REQUESTED BY: acme-admin",
                        "REQUESTED AT: 2025-06-01T12:00:00Z",
                        "APPROVAL: a-1");
    }

    @Test
    void reason_is_shown_if_there_is_one() {
        server.answer(
                "GET orgs/acme/clusters/prod-eu",
                200,
                cluster("REJECTED").replace("\"status_reason\":null", "\"status_reason\":\"too dear\""));

        assertThat(shell.run("infra", "k8s", "get", "prod-eu").out()).contains("REASON: too dear\n");
    }

    @Test
    void failed_try_is_told_with_the_time_of_the_next() {
        String failing = cluster("PROVISIONING")
                .replace(
                        "\"status_reason\":null",
                        "\"status_reason\":null,\"attempt\":2,\"attempts\":5,\"failure\":\"It is away.\","
                                + "\"next_attempt_at\":\"2025-06-01T12:04:10.5Z\"");
        server.answer("GET orgs/acme/clusters/prod-eu", 200, failing)
                .answer(
                        "GET orgs/acme/clusters?limit=100",
                        200,
                        "{\"items\":[" + failing + "," + cluster("RUNNING") + "],\"next_cursor\":null}");

        Shell there = shell.at("2025-06-01T12:00:00Z");

        assertThat(there.run("infra", "k8s", "get", "prod-eu").outLines())
                .contains("FAILURE: attempt 2 of 5 failed: It is away; next attempt at 12:04:10Z");
        assertThat(there.run("infra", "k8s", "get").outLines())
                .containsExactly(
                        "NAME     PROVIDER  REGION     VERSION  STATE         AGE  FAILURE",
                        "prod-eu  aws       eu-west-1  1.30     PROVISIONING  0s   attempt 2 of 5 failed: It is away;"
                                + " next attempt at 12:04:10Z",
                        "prod-eu  aws       eu-west-1  1.30     RUNNING       0s");
    }

    @Test
    void all_pages_of_clusters_make_one_table() {
        server.answer(
                        "GET orgs/acme/clusters?limit=100",
                        200,
                        "{\"items\":[" + cluster("RUNNING") + "],\"next_cursor\":\"a+b\"}")
                .answer(
                        "GET orgs/acme/clusters?limit=100&cursor=a%2Bb",
                        200,
                        "{\"items\":[" + cluster("DELETING").replace("prod-eu", "old") + "],\"next_cursor\":null}");

        assertThat(shell.at("2025-06-03T13:00:00Z").run("infra", "k8s", "get").outLines())
                .containsExactly(
                        "NAME     PROVIDER  REGION     VERSION  STATE     AGE",
                        "prod-eu  aws       eu-west-1  1.30     RUNNING   2d",
                        "old      aws       eu-west-1  1.30     DELETING  2d");
        Shell.Result json = shell.run("infra", "k8s", "get", "-o", "json");
        assertThat(json.out()).contains("\"prod-eu\"", "\"old\"", "\"next_cursor\" : null");
    }

    @Test
    void clusters_are_filtered_by_state() {
        server.answer(
                "GET orgs/acme/clusters?status=APPROVAL_PENDING&limit=100", 200, "{\"items\":[],\"next_cursor\":null}");

        assertThat(shell.run("infra", "k8s", "get", "--state", "APPROVAL_PENDING")
                        .exitCode())
                .isZero();
    }

    @Test
    void json_is_what_the_server_answered() throws Exception {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("RUNNING"));

        String out = shell.run("infra", "k8s", "get", "prod-eu", "-o", "json").out();

        assertThat(Json.read(out.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Json.read(cluster("RUNNING").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void unknown_cluster_is_told_in_one_line() {
        server.answer(
                "GET orgs/acme/clusters/nope",
                404,
                "{\"code\":\"not_found\",\"detail\":\"There is no cluster nope.\"}");

        Shell.Result get = shell.run("infra", "k8s", "get", "nope");

        assertThat(get.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(get.out()).isEmpty();
        assertThat(get.err()).isEqualTo("error: There is no cluster nope. (not_found)\n");
    }

    @Test
    void deletion_that_waits_says_for_which_approval() {
        server.answer("DELETE orgs/acme/clusters/prod-eu", 202, cluster("APPROVAL_PENDING"));

        Shell.Result delete = shell.run("infra", "k8s", "delete", "prod-eu", "--yes");

        assertThat(delete.outLines())
                .containsExactly("Cluster prod-eu: APPROVAL_PENDING", "Waiting for the decision on approval a-1.");
    }

    @Test
    void applied_manifest_requests_a_cluster() throws Exception {
        server.answer("POST orgs/acme/clusters", 201, cluster("APPROVAL_PENDING"));

        Shell.Result apply = shell.run("infra", "k8s", "apply", "-f", manifest());

        assertThat(apply.outLines())
                .containsExactly("Cluster prod-eu: APPROVAL_PENDING", "Waiting for the decision on approval a-1.");
        assertThat(server.last("POST").json())
                .isEqualTo(Manifest.parse("", ManifestTest.MANIFEST).creation());
    }

    @Test
    void adoption_is_asked_for_by_an_option() throws Exception {
        server.answer("POST orgs/acme/clusters", 201, cluster("APPROVAL_PENDING"));

        shell.run("infra", "k8s", "apply", "-f", manifest(), "--adopt");

        assertThat(server.last("POST").json().path("adopt").asBoolean()).isTrue();
    }

    @Test
    void manifest_is_read_from_standard_input_too() {
        server.answer("POST orgs/acme/clusters", 201, cluster("PROVISIONING"));

        assertThat(shell.input(ManifestTest.MANIFEST)
                        .run("infra", "k8s", "apply", "-f", "-")
                        .out())
                .isEqualTo("Cluster prod-eu: PROVISIONING\n");
    }

    @Test
    void applied_manifest_changes_a_cluster_that_is_there() throws Exception {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("RUNNING").replace("1.30", "1.29"))
                .answer("PATCH orgs/acme/clusters/prod-eu", 202, cluster("UPDATING"));

        assertThat(shell.run("infra", "k8s", "apply", "-f", manifest()).out()).isEqualTo("Cluster prod-eu: UPDATING\n");
        assertThat(server.last("PATCH").json())
                .isEqualTo(Manifest.parse("", ManifestTest.MANIFEST).change());
        assertThat(server.last("PATCH").authorization()).isEqualTo("Bearer t");
        assertThat(server.last("PATCH").userAgent()).startsWith("countersign-cli/");
    }

    @Test
    void applying_the_same_manifest_again_changes_nothing() throws Exception {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("RUNNING"));

        Shell.Result apply = shell.run("infra", "k8s", "apply", "-f", manifest());

        assertThat(apply.exitCode()).isZero();
        assertThat(apply.err()).isEqualTo("note: the cluster already matches the manifest\n");
        assertThat(server.lines()).containsExactly("GET orgs/acme/clusters/prod-eu");
    }

    @Test
    void label_that_the_manifest_no_longer_has_is_a_change() throws Exception {
        server.answer(
                        "GET orgs/acme/clusters/prod-eu",
                        200,
                        cluster("RUNNING").replace("\"on\":\"yes\"", "\"on\":\"yes\",\"more\":\"x\""))
                .answer("PATCH orgs/acme/clusters/prod-eu", 202, cluster("UPDATING"));

        shell.run("infra", "k8s", "apply", "-f", manifest());

        assertThat(server.last("PATCH").path()).isEqualTo("orgs/acme/clusters/prod-eu");
    }

    @Test
    void rejected_cluster_is_requested_anew() throws Exception {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("REJECTED"))
                .answer("POST orgs/acme/clusters", 201, cluster("APPROVAL_PENDING"));

        assertThat(shell.run("infra", "k8s", "apply", "-f", manifest()).exitCode())
                .isZero();
    }

    @Test
    void pending_cluster_cannot_be_changed_and_the_server_says_why() throws Exception {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("APPROVAL_PENDING"))
                .answer(
                        "PATCH orgs/acme/clusters/prod-eu",
                        409,
                        "{\"code\":\"wrong_state\",\"detail\":\"The cluster waits for an owner's decision.\"}");

        Shell.Result apply = shell.run("infra", "k8s", "apply", "-f", manifest());

        assertThat(apply.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(apply.err()).isEqualTo("error: The cluster waits for an owner's decision. (wrong_state)\n");
    }

    @Test
    void invalid_fields_are_listed() throws Exception {
        server.answer("POST orgs/acme/clusters", 422, """
                {"code":"invalid_input","detail":"2 fields are invalid.","errors":[
                 {"field":"region","message":"must be a region"},{"field":"name","message":"must be a DNS label"}]}""");

        assertThat(shell.run("infra", "k8s", "apply", "-f", manifest()).err())
                .isEqualTo(
                        "error: 2 fields are invalid. (invalid_input)\n  region must be a region\n  name must be a DNS label\n");
    }

    @Test
    void bad_manifest_is_refused_before_the_server_is_asked() throws Exception {
        Path file = Files.writeString(home.resolve("bad.yaml"), ManifestTest.MANIFEST.replace("K8sCluster", "Pod"));

        Shell.Result apply = shell.run("infra", "k8s", "apply", "-f", file.toString());

        assertThat(apply.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(apply.err()).contains("line 2: kind must be K8sCluster");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void missing_file_is_a_mistake_of_use() {
        assertThat(shell.run("infra", "k8s", "apply", "-f", "nowhere.yaml").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void update_takes_only_the_manifest_of_the_cluster_named() throws Exception {
        server.answer("PATCH orgs/acme/clusters/prod-eu", 202, cluster("UPDATING"));

        assertThat(shell.run("infra", "k8s", "update", "other", "-f", manifest())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("infra", "k8s", "update", "prod-eu", "-f", manifest())
                        .exitCode())
                .isZero();
    }

    @Test
    void deleting_needs_a_confirmation() {
        server.answer("DELETE orgs/acme/clusters/prod-eu", 202, cluster("DELETING"));

        assertThat(shell.run("infra", "k8s", "delete", "prod-eu").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(shell.personAnswering("prod")
                        .run("infra", "k8s", "delete", "prod-eu")
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(server.requests()).isEmpty();

        assertThat(shell.personAnswering("prod-eu")
                        .run("infra", "k8s", "delete", "prod-eu")
                        .out())
                .isEqualTo("Cluster prod-eu: DELETING\n");
        assertThat(shell.run("infra", "k8s", "delete", "prod-eu", "--yes").exitCode())
                .isZero();
    }

    @Test
    void failed_cluster_is_tried_again() {
        server.answer("POST orgs/acme/clusters/prod-eu/retry", 202, cluster("PROVISIONING"));

        assertThat(shell.run("infra", "k8s", "retry", "prod-eu").out()).isEqualTo("Cluster prod-eu: PROVISIONING\n");
    }

    @Test
    void progress_is_printed_state_by_state_until_the_cluster_runs() {
        String path = "GET orgs/acme/clusters/prod-eu";
        server.answer(path, 200, cluster("APPROVAL_PENDING"))
                .answer(path, 200, cluster("APPROVAL_PENDING"))
                .answer(path, 200, cluster("PROVISIONING"))
                .answer(path, 503, "{\"code\":\"database_unavailable\",\"detail\":\"Try again.\"}")
                .answer(path, 200, cluster("PROVISIONING"))
                .answer(path, 200, cluster("RUNNING"));

        Shell.Result stream = shell.at("2025-06-01T12:00:00Z").run(stream());

        assertThat(stream.exitCode()).isZero();
        assertThat(stream.outLines())
                .containsExactly(
                        "12:00:00Z  APPROVAL_PENDING  waiting for the decision on approval a-1",
                        "12:00:00Z  PROVISIONING",
                        "12:00:00Z  RUNNING");
    }

    @Test
    void progress_that_ends_otherwise_fails() {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("REJECTED"));

        assertThat(shell.run(stream()).exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void progress_of_a_deletion_ends_well_when_the_cluster_is_gone() {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("DELETING"))
                .answer("GET orgs/acme/clusters/prod-eu", 404, "{\"code\":\"not_found\",\"detail\":\"Gone.\"}");

        assertThat(shell.run(stream()).exitCode()).isZero();
    }

    @Test
    void progress_of_a_request_that_is_cancelled_fails() {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("APPROVAL_PENDING"))
                .answer("GET orgs/acme/clusters/prod-eu", 200, cluster("DELETED"));

        assertThat(shell.run(stream()).exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void progress_gives_up_after_the_timeout() {
        server.answer("GET orgs/acme/clusters/prod-eu", 200, cluster("APPROVAL_PENDING"));

        Shell.Result stream =
                shell.run("infra", "k8s", "progress", "stream", "prod-eu", "--interval", "1ms", "--timeout", "20ms");

        assertThat(stream.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(stream.err()).isEqualTo("error: cluster prod-eu is still APPROVAL_PENDING\n");
    }

    @Test
    void time_must_be_one() {
        assertThat(shell.run("infra", "k8s", "progress", "stream", "prod-eu", "--timeout", "soon")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    private static String[] stream() {
        return new String[] {"infra", "k8s", "progress", "stream", "prod-eu", "--interval", "1ms"};
    }

    private String manifest() throws Exception {
        return Files.writeString(home.resolve("prod.yaml"), ManifestTest.MANIFEST)
                .toString();
    }

    private static String cluster(String status) {
        return """
               {"name":"prod-eu","provider":"aws","region":"eu-west-1","kubernetes_version":"1.30","node_groups":[
                {"name":"workers","min_nodes":1,"max_nodes":3,"machine_types":["t3.large","t3.xlarge"],
                 "labels":{"tier":"web","on":"yes"}}],
                "status":"%s","status_reason":null,"approval_id":"a-1","requested_by":"acme-admin",
                "requested_at":"2025-06-01T12:00:00Z"}""".formatted(status);
    }
}
