package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's way from request to deletion, on the command line alone. */
class ClusterCommandAtServerTest extends ServerTest {

    @TempDir
    private Path home;

    @Test
    void admins_cluster_runs_after_an_owner_approved_it_and_is_changed_and_deleted() {
        Org org = given.organization();
        Shell admin = signedIn(org.admin());
        Shell owner = signedIn(org.owner());

        assertThat(apply(admin, ManifestTest.MANIFEST).out()).startsWith("Cluster prod-eu: APPROVAL_PENDING\n");
        assertThat(admin.run("infra", "k8s", "get", "prod-eu").outLines())
                .contains("STATE: APPROVAL_PENDING", "VERSION: 1.30", "NODE GROUPS: workers 1-3 t3.large|t3.xlarge");
        assertThat(apply(admin, ManifestTest.MANIFEST).err()).endsWith("(wrong_state)\n");
        assertThat(admin.run("infra", "k8s", "approve", "prod-eu").err()).endsWith("(self_approval)\n");

        assertThat(owner.run("infra", "k8s", "approve", "prod-eu").exitCode()).isZero();
        assertThat(stream(admin).out()).endsWith("RUNNING\n");

        assertThat(apply(admin, ManifestTest.MANIFEST).err())
                .isEqualTo("note: the cluster already matches the manifest\n");
        String larger = ManifestTest.MANIFEST.replace("maxNode: 3", "maxNode: 5");
        assertThat(apply(admin, larger).out()).isEqualTo("Cluster prod-eu: UPDATING\n");
        assertThat(stream(admin).exitCode()).isZero();
        assertThat(admin.run("infra", "k8s", "get", "prod-eu").out()).contains("workers 1-5");

        assertThat(admin.run("infra", "k8s", "delete", "prod-eu", "--yes").out())
                .isEqualTo("Cluster prod-eu: DELETING\n");
        assertThat(stream(admin).out()).endsWith("DELETED\n");
    }

    @Test
    void owners_cluster_is_provisioned_at_once() {
        Shell owner = signedIn(given.organization().owner());

        assertThat(apply(owner, ManifestTest.MANIFEST).out()).isEqualTo("Cluster prod-eu: PROVISIONING\n");
        assertThat(stream(owner).exitCode()).isZero();
    }

    @Test
    void rejected_cluster_tells_the_reason_and_may_be_requested_anew() {
        Org org = given.organization();
        Shell admin = signedIn(org.admin());
        apply(admin, ManifestTest.MANIFEST);

        signedIn(org.owner()).run("infra", "k8s", "reject", "prod-eu", "--reason", "too dear");

        Shell.Result stream = stream(admin);
        assertThat(stream.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(stream.out()).contains("REJECTED").contains("too dear");
        assertThat(apply(admin, ManifestTest.MANIFEST).out()).startsWith("Cluster prod-eu: APPROVAL_PENDING\n");
    }

    @Test
    void viewer_sees_clusters_and_requests_none() {
        Shell viewer = signedIn(given.organization().viewer());

        assertThat(viewer.run("infra", "k8s", "get").exitCode()).isZero();
        assertThat(apply(viewer, ManifestTest.MANIFEST).err()).endsWith("(missing_permission)\n");
    }

    private static Shell.Result apply(Shell shell, String manifest) {
        return shell.input(manifest).run("infra", "k8s", "apply", "-f", "-");
    }

    private static Shell.Result stream(Shell shell) {
        return shell.run("infra", "k8s", "progress", "stream", "prod-eu", "--interval", "50ms", "--timeout", "60s");
    }

    private Shell signedIn(String user) {
        return Shell.signedIn(home, server(), user);
    }
}
