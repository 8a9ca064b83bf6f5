package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.outbox.Notifications;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** What becomes of many mails at once: whose goes first, and what is told in one. */
class MailQueueTest extends MailTest {

    private static final int MANY = 2000;

    /** As {@code ServerTest} is set. */
    private static final int DIGEST_AFTER = 60;

    @Autowired
    private Notifications notifications;

    @Autowired
    private Approvals approvals;

    @Autowired
    private TransactionTemplate transaction;

    private final List<String> keys = new ArrayList<>();

    @AfterEach
    void forgetWhatStillWaits() {
        jdbc.sql("""
                        update notification_deliveries set status = 'dropped', dropped_because = 'the test is over'
                        where key = any (?) and status = 'queued'""").param(keys.toArray(String[]::new)).update();
    }

    @Test
    void four_mails_of_a_small_organization_do_not_wait_behind_thousands_of_another() {
        Org large = given.organization();
        Org small = given.organization();
        List<String> crowd = crowd(large);

        String flood = queue(large.scope(), crowd, "Flood");
        queue(small.scope(), List.of(small.owner(), small.admin(), small.developer(), small.viewer()), "Drop");

        for (String person : List.of(small.owner(), small.admin(), small.developer(), small.viewer())) {
            awaitMail(person, "Drop");
        }
        assertThat(unsent(flood)).as("still waiting of the flood").isGreaterThan(MANY / 2);
    }

    @Test
    void who_is_asked_to_decide_does_not_wait_behind_thousands_who_are_told() {
        Org org = given.organization();
        String flood = queue(org.scope(), crowd(org), "Flood");

        requestCluster(org);

        awaitMail(org.owner(), "Approval needed");
        assertThat(unsent(flood)).as("still waiting of the flood").isGreaterThan(MANY / 2);
    }

    @Test
    void who_is_told_comes_after_everybody_of_the_scope_who_is_asked_to_decide() {
        Org org = given.organization();
        transaction.executeWithoutResult(status -> {
            Approval request = requestCluster(org);
            queue(org.scope(), List.of(org.viewer()), "Told");

            assertThat(turn("select max(turn) from notification_deliveries where user_id = ?", org.viewer()))
                    .isGreaterThan(turn(
                            "select max(turn) from notification_deliveries where approval_id::text = ?",
                            request.id().toString()));
            status.setRollbackOnly();
        });
    }

    @Test
    void many_notices_to_one_person_at_once_become_one_mail() {
        Org org = given.organization();
        transaction.executeWithoutResult(status -> IntStream.rangeClosed(0, DIGEST_AFTER)
                .forEach(n -> queue(org.scope(), List.of(org.admin()), "News " + n)));

        MimeMessage digest = awaitMail(org.admin(), "50 notices in " + org.id());

        assertThat(text(digest)).contains("News of News 0.", "News of News 49.");
        assertThat(html(digest)).contains("News of News 0.", "News of News 49.");
        await().until(() -> mailsTo(org.admin()).size() == 1 + DIGEST_AFTER + 1 - 50);
    }

    @Test
    void who_got_many_mails_just_before_gets_the_next_notices_together_a_little_later() {
        Org org = given.organization();
        IntStream.range(0, DIGEST_AFTER).forEach(n -> queue(org.scope(), List.of(org.admin()), "News " + n));
        await().atMost(Duration.ofSeconds(20)).until(() -> mailsTo(org.admin()).size() == DIGEST_AFTER);
        Instant before = Instant.now();

        String later = queue(org.scope(), List.of(org.admin()), "Later");

        awaitMail(org.admin(), "Later");
        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        assertThat(unsent(later)).isLessThanOrEqualTo(1);
    }

    @Test
    void each_request_in_a_digest_has_links_of_its_own_that_work_once() throws Exception {
        Org org = given.organization();
        List<Approval> requests = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            IntStream.range(0, DIGEST_AFTER).forEach(n -> queue(org.scope(), List.of(org.owner()), "News " + n));
            requests.add(requestCluster(org));
            requests.add(requestCluster(org));
        });
        await().until(() -> mailsTo(org.owner()).size() == 1 + DIGEST_AFTER + 2 - 50);
        List<String> tokens = mailsTo(org.owner()).stream()
                .flatMap(mail -> tokens(mail).stream())
                .toList();
        assertThat(tokens).hasSize(4).doesNotHaveDuplicates();
        assertThat(mailsTo(org.owner()).stream().map(MailTest::subject))
                .anyMatch(subject -> subject.contains("approvals needed"));

        pages().perform(post("/notification/approval")
                        .with(signedInAs(org.owner()))
                        .with(csrf())
                        .param("token", tokens.get(0))
                        .param("content_hash", requests.get(0).contentHash()))
                .andExpect(status().isOk());

        assertThat(approvals.get(requests.get(0).id()).status()).isEqualTo(ApprovalStatus.APPROVED);
        assertThat(approvals.get(requests.get(1).id()).status()).isEqualTo(ApprovalStatus.PENDING);
        pages().perform(get("/notification/approval")
                        .with(signedInAs(org.owner()))
                        .param("token", tokens.get(1)))
                .andExpect(status().isGone());
        pages().perform(get("/notification/approval")
                        .with(signedInAs(org.owner()))
                        .param("token", tokens.get(2)))
                .andExpect(status().isOk());
    }

    /** @return thousands of people of an organization, each with a channel */
    private List<String> crowd(Org org) {
        List<String> people =
                IntStream.range(0, MANY).mapToObj(n -> org.id() + "." + n).toList();
        String[] ids = people.toArray(String[]::new);
        jdbc.sql("""
                        insert into users (id, display_name, email, email_confirmed, password_hash)
                        select id, id, id || '@example.com', true, '' from unnest(?::text[]) as p (id)""").param(ids).update();
        jdbc.sql("""
                        insert into members (scope, user_id, role)
                        select 'organization:' || ?, id, 'viewer' from unnest(?::text[]) as p (id)""").params(org.id(), ids).update();
        return people;
    }

    private String queue(Scope scope, List<String> people, String subject) {
        String key = given.unique(subject);
        keys.add(key);
        notifications.send(
                key,
                Topic.CLUSTER_PIPELINE,
                scope,
                people.stream().map(UserId::new).toList(),
                new Message(subject, "News of " + subject + ".", List.of(), Optional.empty()));
        return key;
    }

    private int unsent(String key) {
        return jdbc.sql("select count(*) from notification_deliveries where key = ? and status = 'queued'")
                .param(key)
                .query(Integer.class)
                .single();
    }

    private long turn(String sql, String param) {
        return jdbc.sql(sql).param(param).query(Long.class).single();
    }
}
