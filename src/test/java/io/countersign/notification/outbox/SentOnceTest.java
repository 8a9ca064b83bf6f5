package io.countersign.notification.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.MailTest;
import io.countersign.notification.Message;
import io.countersign.notification.notice.ApprovalNotices;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionTemplate;

/** Whatever is told is told once, however often what tells it is repeated, and whoever sends it at the same time. */
class SentOnceTest extends MailTest {

    @Autowired
    private ApprovalNotices notices;

    @Autowired
    private Notifications notifications;

    @Autowired
    private DeliverySender sender;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void stage_asks_each_once_in_a_round() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        assertThat(deliveries(request, org.owner())).hasSize(1);

        inTransaction(() -> notices.askApprovers(request.id()));
        inTransaction(() -> events.publishEvent(new ApprovalEvent.NoLongerStuck(request.id())));

        assertThat(deliveries(request, org.owner())).hasSize(1);
    }

    @Test
    void stage_asks_who_could_not_be_told_before_and_nobody_else() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);

        inTransaction(() -> notices.askApprovers(request.id()));

        assertThat(deliveries(request, org.owner())).hasSize(1);
        assertThat(deliveries(request, second)).hasSize(1);
    }

    @Test
    void each_reminder_is_told_once_and_the_next_again() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        Instant first = Instant.now();

        remind(request, first);
        remind(request, first);
        assertThat(deliveries(request, org.owner())).hasSize(2);

        remind(request, first.plusSeconds(1));
        assertThat(deliveries(request, org.owner())).hasSize(3);
    }

    @Test
    void outcome_is_told_once() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        as(org.owner())
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(0).id() + "/approve",
                        Map.of())
                .expect(200);
        await().until(() -> deliveries(request, org.admin()).size() == 1);

        inTransaction(() -> notices.tellSubmitter(request.id()));

        assertThat(deliveries(request, org.admin())).hasSize(1);
    }

    @Test
    void comment_and_lapse_are_told_once() {
        Org org = given.organization();
        Approval request = requestCluster(org);

        for (int i = 0; i < 2; i++) {
            inTransaction(() -> events.publishEvent(
                    new ApprovalEvent.CommentAdded(request.id(), 7, new UserId(org.owner()), "Why so large?")));
            inTransaction(() -> events.publishEvent(new ApprovalEvent.Lapsed(request.id(), "Too late.")));
        }

        assertThat(deliveries(request, org.admin())).hasSize(2);
    }

    @Test
    void what_the_mail_server_took_at_the_first_attempt_is_noted_and_not_sent_again() {
        Org org = given.organization();
        String subject = given.unique("News");

        inTransaction(() -> {
            send(subject, List.of(new UserId(org.admin())));
            jdbc.sql("""
                            insert into delivery_handovers (delivery_id, node_id, begun_at, accepted_at)
                            select id, 'instance-that-is-gone', now(), now() from notification_deliveries where key = ?""").param(subject).update();
        });

        await().until(() -> statuses(subject).equals(List.of("sent")));
        assertThat(mailsTo(org.admin())).isEmpty();
        assertThat(attempts(subject)).isZero();
    }

    @Test
    void what_another_thread_has_taken_is_not_taken_by_a_second_one() {
        Org org = given.organization();
        String subject = given.unique("News");
        List<UserId> crowd = IntStream.range(0, 60)
                .mapToObj(n -> {
                    String person = given.person("crowd");
                    given.member(org.id(), person, OrganizationRole.VIEWER);
                    return new UserId(person);
                })
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> senders = new ArrayList<>();
        inTransaction(() -> send(subject, crowd));

        for (int i = 0; i < 4; i++) {
            senders.add(threads.submit(() -> {
                while (statuses(subject).contains("queued")) {
                    sender.deliverNext();
                }
            }));
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> senders.stream().allMatch(Future::isDone));
        threads.shutdown();
        assertThat(crowd)
                .allSatisfy(person -> assertThat(mailsTo(person.value())).hasSize(1));
        await().until(() -> attempts(subject) == 0);
    }

    private void send(String subject, List<UserId> people) {
        String org = jdbc.sql("select organization_id from members where user_id = ?")
                .param(people.get(0).value())
                .query(String.class)
                .single();
        notifications.send(
                subject,
                Topic.CLUSTER_PIPELINE,
                Scope.organization(org),
                people,
                new Message(subject, "News.", List.of(), Optional.empty()));
    }

    private void remind(Approval request, Instant at) {
        inTransaction(() -> events.publishEvent(new ApprovalEvent.Reminded(request.id(), at)));
    }

    private void inTransaction(Runnable deed) {
        transaction.executeWithoutResult(status -> deed.run());
    }

    private List<String> statuses(String key) {
        return jdbc.sql("select status from notification_deliveries where key = ?")
                .param(key)
                .query(String.class)
                .list();
    }

    private int attempts(String key) {
        return jdbc.sql("""
                        select count(*) from delivery_handovers h
                        join notification_deliveries d on d.id = h.delivery_id where d.key = ?""").param(key).query(Integer.class).single();
    }
}
