package io.countersign.cluster;

import static io.countersign.cluster.ClusterFixtures.approve;
import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.notification.MailTest;
import java.io.IOException;
import java.nio.file.Files;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ClusterNewsTest extends MailTest {

    @Test
    void requester_and_owners_are_told_that_a_cluster_runs_and_that_it_is_gone() throws Exception {
        Org org = given.organization();
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        approve(as(org.owner()), created.at("/approval_id")).expect(200);

        for (String person : new String[] {org.admin(), org.owner()}) {
            assertThat(text(awaitMail(person, "Cluster prod-eu is running")))
                    .contains(org.id(), "RUNNING", "aws, eu-west-1")
                    .contains(server() + "/orgs/" + org.id() + "/clusters/prod-eu");
        }
        as(org.owner()).delete(clusters(org.id()) + "/prod-eu").expect(202);
        awaitMail(org.admin(), "Cluster prod-eu is deleted");
        awaitMail(org.owner(), "Cluster prod-eu is deleted");
        assertThat(mailsTo(org.developer())).isEmpty();
        assertThat(mailsTo(org.viewer())).isEmpty();
    }

    @Test
    void requester_and_owners_are_told_of_each_failure_and_why() throws Exception {
        Org org = given.organization();
        block(org);
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        approve(as(org.owner()), created.at("/approval_id")).expect(200);

        for (String person : new String[] {org.admin(), org.owner()}) {
            assertThat(text(awaitMail(person, "Provisioning cluster prod-eu failed")))
                    .contains("Cannot write", "cluster-prod-eu.yaml");
        }
        as(org.owner()).post(clusters(org.id()) + "/prod-eu/retry", null).expect(202);
        Awaitility.await()
                .untilAsserted(() -> assertThat(mailsTo(org.admin()))
                        .filteredOn(mail -> subject(mail).startsWith("Provisioning cluster prod-eu failed"))
                        .hasSize(2));
        Files.delete(MANIFESTS.resolve(org.id()));
        as(org.owner()).post(clusters(org.id()) + "/prod-eu/retry", null).expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        awaitMail(org.admin(), "Cluster prod-eu is running");
    }

    @Test
    void mail_trouble_holds_up_no_cluster() {
        Org org = given.organization();
        mailServerIs(false);

        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);

        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
    }

    private static void block(Org org) throws IOException {
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
    }
}
