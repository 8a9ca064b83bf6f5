package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.approval.kind.Topic;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.Message.Link;
import io.countersign.notification.outbox.Notifications;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** Every path through {@code notification-delivery.bpmn}, and what {@link Notifications} promises about it. */
class DeliveryProcessTest extends MailTest {

    @Autowired
    private Notifications notifications;

    @Autowired
    private ProcessDiagrams diagrams;

    @Autowired
    private HistoryService history;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void delivery_is_sent_beside_the_engine() throws Exception {
        Org org = given.organization();
        String subject = given.unique("Cluster runs");

        send(subject, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), subject);

        MimeMessage mail = awaitMail(org.admin(), subject);
        assertThat(text(mail)).contains("It runs.\n", "Region: eu\n", "Open:\nhttps://example.com/x");
        assertThat(html(mail)).contains("href=\"https://example.com/x\"");
        assertThat(mail.getMessageID()).isEqualTo("<" + delivery(subject) + "@localhost>");
        await().untilAsserted(() -> assertThat(statuses(subject)).containsExactly("sent"));
        assertThat(instance(subject, org.admin())).isNull();
    }

    @Test
    void failed_delivery_is_tried_again_and_ends_as_an_incident_that_can_be_retried() throws Exception {
        Org org = given.organization();
        String subject = given.unique("Cluster runs");
        mailServerIs(false);

        send(subject, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), subject);

        ProcessInstance instance = awaitInstance(subject + " to " + address(org.admin()));
        await().untilAsserted(() -> assertThat(runtime.createIncidentQuery()
                        .processInstanceId(instance.getId())
                        .activityId("deliver-notification")
                        .count())
                .isOne());
        mailServerIs(true);
        Job job =
                management.createJobQuery().processInstanceId(instance.getId()).singleResult();
        management.setJobRetries(job.getId(), 1);
        MimeMessage mail = awaitMail(org.admin(), subject);
        assertThat(mail.getMessageID())
                .as("the same in every attempt")
                .isEqualTo("<" + delivery(subject) + "@localhost>");
        await().untilAsserted(() -> assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceId(instance.getId())
                        .count())
                .isZero());
        assertThat(diagrams.of(instance.getId()).get(0).steps())
                .extracting(ProcessDiagrams.Step::activityId)
                .containsExactlyInAnyOrder("delivery-due", "deliver-notification", "notification-delivered");
    }

    @Test
    void bad_address_holds_up_nobody() {
        Org org = given.organization();
        String subject = given.unique("Cluster runs");
        jdbc.sql("update notification_channels set target = 'no address' where user_id = ?")
                .param(org.owner())
                .update();

        sendToAll(subject, Topic.CLUSTER_PIPELINE, org.scope(), subject, org.owner(), org.admin(), org.developer());

        awaitMail(org.admin(), subject);
        awaitMail(org.developer(), subject);
        ProcessInstance alone = awaitInstance(subject + " to no address");
        await().untilAsserted(() -> assertThat(runtime.createIncidentQuery()
                        .processInstanceId(alone.getId())
                        .activityId("deliver-notification")
                        .count())
                .isOne());
        jdbc.sql("update notification_channels set target = ? where user_id = ?")
                .params(address(org.owner()), org.owner())
                .update();
        Job job = management.createJobQuery().processInstanceId(alone.getId()).singleResult();
        management.setJobRetries(job.getId(), 1);
        awaitMail(org.owner(), subject);
        assertThat(mailsTo(org.admin())).hasSize(1);
        assertThat(mailsTo(org.developer())).hasSize(1);
    }

    @Test
    void what_an_instance_of_the_server_left_behind_is_sent_by_the_next_sweep() {
        Org org = given.organization();
        String subject = given.unique("Cluster runs");
        send(subject, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), subject);
        awaitMail(org.admin(), subject);
        await().untilAsserted(() -> assertThat(statuses(subject)).containsExactly("sent"));

        jdbc.sql("update notification_deliveries set status = 'queued', finished_at = null where key = ?")
                .param(subject)
                .update();

        await().untilAsserted(() -> assertThat(mailsTo(org.admin())).hasSize(2));
    }

    @Test
    void what_was_sent_is_not_sent_again_when_its_job_is_repeated() {
        Org org = given.organization();
        String subject = given.unique("Cluster runs");
        send(subject, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), subject);
        awaitMail(org.admin(), subject);

        runtime.startProcessInstanceByKey("notification-delivery", "again", Map.of("deliveryId", delivery(subject)));

        await().untilAsserted(() -> assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey("again")
                        .count())
                .isZero());
        assertThat(mailsTo(org.admin())).hasSize(1);
    }

    @Test
    void same_key_reaches_the_same_channel_once() {
        Org org = given.organization();
        String key = given.unique("key");

        send(key, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), "First");
        send(key, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), "Second");

        awaitMail(org.admin(), "First");
        await().untilAsserted(() -> assertThat(statuses(key)).containsExactly("sent"));
    }

    @Test
    void only_channels_of_the_scope_that_are_subscribed_to_the_topic_are_told() {
        Org org = given.organization();
        Org other = given.organization();
        String channel = as(org.admin()).get("/api/v1/me/channels").expect(200).at("/items/0/id");
        as(org.admin())
                .delete("/api/v1/me/subscriptions?channel_id=" + channel + "&topic=cluster_pipeline")
                .expect(204);
        String key = given.unique("key");

        send(key, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), "Not subscribed");
        send(key, Topic.CLUSTER_PIPELINE, other.scope(), org.admin(), "Not of this scope");
        send(key, Topic.SYSTEM_EVENTS, org.scope(), org.admin(), "Subscribed");

        awaitMail(org.admin(), "Subscribed");
        await().untilAsserted(() -> assertThat(statuses(key)).containsExactly("sent"));
    }

    @Test
    void nothing_is_sent_for_a_transaction_that_is_rolled_back() {
        Org org = given.organization();
        String key = given.unique("key");

        transaction.executeWithoutResult(status -> {
            send(key, Topic.CLUSTER_PIPELINE, org.scope(), org.admin(), key);
            status.setRollbackOnly();
        });

        assertThat(statuses(key)).isEmpty();
        assertThat(history.createHistoricProcessInstanceQuery()
                        .processInstanceBusinessKey(key + " to " + address(org.admin()))
                        .count())
                .isZero();
    }

    private void send(String key, Topic topic, Scope scope, String recipient, String subject) {
        sendToAll(key, topic, scope, subject, recipient);
    }

    private void sendToAll(String key, Topic topic, Scope scope, String subject, String... recipients) {
        notifications.send(
                key,
                topic,
                scope,
                Arrays.stream(recipients).map(UserId::new).toList(),
                new Message(
                        subject,
                        "It runs.",
                        List.of(new Fact("Region", "eu")),
                        Optional.of(new Link("Open", "https://example.com/x"))));
    }

    private List<String> statuses(String key) {
        return jdbc.sql("select status from notification_deliveries where key = ?")
                .param(key)
                .query(String.class)
                .list();
    }

    private String delivery(String key) {
        return jdbc.sql("select id::text from notification_deliveries where key = ?")
                .param(key)
                .query(String.class)
                .single();
    }

    private ProcessInstance awaitInstance(String businessKey) {
        return await().until(
                        () -> runtime.createProcessInstanceQuery()
                                .processInstanceBusinessKey(businessKey)
                                .singleResult(),
                        Objects::nonNull);
    }

    private HistoricProcessInstance instance(String about, String person) {
        return history.createHistoricProcessInstanceQuery()
                .processInstanceBusinessKey(about + " to " + address(person))
                .singleResult();
    }
}
