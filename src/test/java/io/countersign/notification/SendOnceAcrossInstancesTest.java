package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.UserId;
import io.countersign.notification.outbox.Notifications;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.runtime.Job;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** What becomes of a delivery whose outcome was not recorded when it should have been. */
class SendOnceAcrossInstancesTest extends MailTest {

    private static final String OTHER = "another-instance";

    @Autowired
    private Notifications notifications;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void what_the_mail_server_took_is_noted_as_sent_and_not_sent_again() {
        Org org = given.organization();
        String subject = failedDelivery(org);
        handover(subject, "instance-that-is-gone", "now()");
        mailServerIs(true);

        retry(subject);

        await().untilAsserted(() -> assertThat(status(subject)).isEqualTo("sent"));
        assertThat(mailsTo(org.admin())).isEmpty();
        assertThat(attempts(subject)).isZero();
    }

    @Test
    void what_an_instance_hands_over_is_left_to_it_as_long_as_it_runs() {
        Org org = given.organization();
        String subject = failedDelivery(org);
        jdbc.sql("insert into nodes (id, host, seen_at) values (?, 'test', now() + interval '1 hour')")
                .param(OTHER)
                .update();
        handover(subject, OTHER, "null");
        mailServerIs(true);

        retry(subject);
        await().until(() ->
                job(subject).map(Job::getExceptionMessage).orElse("").startsWith("Another instance handed this over"));
        assertThat(mailsTo(org.admin())).isEmpty();

        jdbc.sql("delete from nodes where id = ?").param(OTHER).update();
        retry(subject);
        awaitMail(org.admin(), subject);
        await().untilAsserted(() -> assertThat(status(subject)).isEqualTo("sent"));
        assertThat(attempts(subject)).isZero();
    }

    @Test
    void what_is_refused_leaves_nothing_behind_that_keeps_others_from_it() {
        String subject = failedDelivery(given.organization());

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(attempts(subject)).isZero());
    }

    /** @return the subject of a delivery that gave up, as there is no mail server */
    private String failedDelivery(Org org) {
        String subject = given.unique("Cluster runs");
        mailServerIs(false);
        transaction.executeWithoutResult(status -> notifications.send(
                subject,
                Topic.CLUSTER_PIPELINE,
                org.scope(),
                List.of(new UserId(org.admin())),
                new Message(subject, "It runs.", List.of(), Optional.empty())));
        await().until(() -> job(subject).map(Job::getRetries).orElse(1) == 0);
        return subject;
    }

    private void handover(String subject, String node, String acceptedAt) {
        await().until(() -> attempts(subject) == 0);
        jdbc.sql("""
                        insert into delivery_handovers (delivery_id, node_id, begun_at, accepted_at)
                        values (?, ?, now(), %s)""".formatted(acceptedAt)).params(delivery(subject), node).update();
    }

    private void retry(String subject) {
        management.setJobRetries(job(subject).orElseThrow().getId(), 1);
    }

    /** @return the job that tries again, once the first attempt has failed */
    private Optional<Job> job(String subject) {
        return jdbc.sql("""
                        select process_instance_id from notification_deliveries
                        where subject = ? and process_instance_id is not null""")
                .param(subject)
                .query(String.class)
                .optional()
                .map(instance ->
                        management.createJobQuery().processInstanceId(instance).singleResult());
    }

    private UUID delivery(String subject) {
        return jdbc.sql("select id from notification_deliveries where subject = ?")
                .param(subject)
                .query(UUID.class)
                .single();
    }

    private String status(String subject) {
        return jdbc.sql("select status from notification_deliveries where subject = ?")
                .param(subject)
                .query(String.class)
                .single();
    }

    private int attempts(String subject) {
        return jdbc.sql("select count(*) from delivery_handovers where delivery_id = ?")
                .param(delivery(subject))
                .query(Integer.class)
                .single();
    }
}
