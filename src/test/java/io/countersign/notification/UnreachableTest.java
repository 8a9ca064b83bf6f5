package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.identity.OrganizationRole;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** Who was told of a request, who merely may decide it, and what becomes of one that nobody was told of. */
class UnreachableTest extends MailTest {

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void only_who_was_mailed_counts_as_asked() throws Exception {
        Org org = given.organization();
        String silent = owner(org);
        unsubscribe(silent);

        Approval request = requestCluster(org);

        awaitMail(org.owner(), "Approval needed");
        await().until(() -> deliveries(request, org.owner()).equals(List.of("sent")));
        JsonNode shown = show(org.admin(), request);
        assertThat(shown.get("asked")).extracting(JsonNode::asText).containsExactly(org.owner());
        assertThat(shown.get("may_decide")).extracting(JsonNode::asText).containsExactly(silent);
        assertThat(shown.get("stuck").asBoolean()).isFalse();
        assertThat(as(org.admin())
                        .get("/api/v1/approvals/" + request.id() + "/eligibility")
                        .expect(200)
                        .json()
                        .at("/stages/0/asked"))
                .extracting(JsonNode::asText)
                .containsExactly(org.owner());
        pages().perform(get("/approvals/" + request.id()).with(signedInAs(org.admin())))
                .andExpect(content()
                        .string(containsString(
                                "Asked: Person " + org.owner() + ". May decide, not told: Person " + silent)));
    }

    @Test
    void request_that_nobody_was_told_of_is_stuck_and_says_so() throws Exception {
        Org org = given.organization();
        String superadmin = given.superadmin();
        unsubscribe(org.owner());

        Approval request = requestCluster(org);

        JsonNode shown = show(org.admin(), request);
        assertThat(shown.get("stuck_reason").asText()).startsWith("Nobody was told");
        assertThat(shown.get("asked")).isEmpty();
        assertThat(shown.get("may_decide")).extracting(JsonNode::asText).containsExactly(org.owner());
        pages().perform(get("/approvals/" + request.id()).with(signedInAs(org.admin())))
                .andExpect(content().string(containsString("This request is stuck")))
                .andExpect(content().string(not(containsString("Asked:"))));
        MimeMessage mail = awaitMail(superadmin, "Stuck approval");
        assertThat(text(mail)).contains("Nobody was notified of the request");
    }

    @Test
    void superadmin_decides_it_by_override_which_is_marked_with_the_reason() {
        Org org = given.organization();
        unsubscribe(org.owner());
        Approval request = requestCluster(org);

        as(given.superadmin())
                .post(
                        "/api/v1/approvals/" + request.id() + "/override",
                        Map.of("decision", "approve", "reason", "Asked by phone"))
                .expect(200);

        assertThat(show(org.admin(), request)
                        .at("/stages/0/decisions/0/override")
                        .asBoolean())
                .isTrue();
        assertThat(jdbc.sql("""
                                select details::text from audit_entries
                                where action = 'approve' and entity_id = ?""").param(request.entityId()).query(String.class).single())
                .contains("Nobody was told");
    }

    @Test
    void who_was_not_told_may_decide_it_all_the_same() {
        Org org = given.organization();
        unsubscribe(org.owner());
        Approval request = requestCluster(org);

        JsonNode decided = as(org.owner())
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(0).id() + "/approve",
                        Map.of())
                .expect(200)
                .json();

        assertThat(decided.get("status").asText()).isEqualTo("approved");
        assertThat(decided.at("/stages/0/decisions/0/override").asBoolean()).isFalse();
    }

    @Test
    void subscribing_again_asks_for_the_decision_and_ends_it() {
        Org org = given.organization();
        String channel = unsubscribe(org.owner());
        Approval request = requestCluster(org);

        subscribe(org.owner(), channel);

        assertThat(tokens(awaitMail(org.owner(), "Approval needed"))).hasSize(2);
        await().until(() -> !show(org.admin(), request).get("stuck").asBoolean());
    }

    @Test
    void who_was_told_and_unsubscribes_then_was_told() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        awaitMail(org.owner(), "Approval needed");
        await().until(() -> deliveries(request, org.owner()).equals(List.of("sent")));

        unsubscribe(org.owner());

        JsonNode shown = show(org.admin(), request);
        assertThat(shown.get("stuck").asBoolean()).isFalse();
        assertThat(shown.get("asked")).hasSize(1);
    }

    @Test
    void who_unsubscribes_before_the_mail_leaves_was_not_told() {
        Org org = given.organization();
        mailServerIs(false);
        Approval request = requestCluster(org);
        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isFalse();

        unsubscribe(org.owner());

        await().until(() -> show(org.admin(), request).get("stuck").asBoolean());
        assertThat(show(org.admin(), request).get("asked")).isEmpty();
    }

    @Test
    void question_that_was_dropped_meanwhile_is_asked_once_its_reader_subscribes_again() {
        Org org = given.organization();
        Approval request = requestForDigest(org, Duration.ofSeconds(2));
        String channel = unsubscribe(org.owner());
        await().until(() -> show(org.admin(), request).get("stuck").asBoolean());
        await().until(() -> deliveries(request, org.owner()).equals(List.of("dropped")));

        subscribe(org.owner(), channel);

        assertThat(tokens(awaitMail(org.owner(), "Approval needed"))).hasSize(2);
        await().until(() -> show(org.admin(), request).get("asked").size() == 1);
        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isFalse();
    }

    @Test
    void question_that_waits_for_a_digest_goes_by_the_channel_that_its_reader_takes_instead() {
        Org org = given.organization();
        Approval request = requestForDigest(org, Duration.ofSeconds(2));
        String other = given.unique("other") + "@example.com";
        jdbc.sql("""
                        insert into notification_channels
                            (id, user_id, scope, kind, name, target, enabled, confirmed_at, created_at)
                        values (gen_random_uuid(), ?, ?, 'email', 'Other', ?, true, now(), now())""").params(org.owner(), org.scope().toString(), other).update();
        String added = as(org.owner())
                .get("/api/v1/me/channels")
                .expect(200)
                .json()
                .get("items")
                .findValuesAsText("id")
                .get(1);
        subscribe(org.owner(), added);

        unsubscribe(org.owner());

        await().until(() -> Arrays.stream(MAIL.getReceivedMessages())
                .anyMatch(mail -> isTo(mail, other) && subject(mail).startsWith("Approval needed")));
        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isFalse();
        assertThat(mailsTo(org.owner())).isEmpty();
    }

    @Test
    void question_that_waits_for_a_digest_has_asked_nobody_yet() throws Exception {
        Org org = given.organization();
        Approval request = requestForDigest(org, Duration.ofMinutes(10));

        JsonNode shown = show(org.admin(), request);

        assertThat(shown.get("asked")).isEmpty();
        assertThat(shown.get("may_decide")).extracting(JsonNode::asText).containsExactly(org.owner());
        assertThat(shown.get("stuck").asBoolean()).isFalse();
        pages().perform(get("/approvals/" + request.id()).with(signedInAs(org.admin())))
                .andExpect(content().string(containsString("Nobody was told yet. May decide: Person " + org.owner())));
    }

    @Test
    void channel_where_nothing_ever_arrived_reaches_nobody_once_a_delivery_is_given_up() {
        Org org = given.organization();
        String broken = unsubscribe(org.owner());
        jdbc.sql(
                        "update notification_channels set kind = 'slack', target = 'https://127.0.0.1:1/none' where id = ?::uuid")
                .param(broken)
                .update();
        subscribe(org.owner(), broken);

        Approval request = requestCluster(org);

        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isFalse();
        awaitSilence(request);
        await().until(() -> show(org.admin(), request).get("stuck").asBoolean());
        assertThat(show(org.admin(), request).get("asked")).isEmpty();
    }

    @Test
    void new_owner_is_asked_to_confirm_their_address_and_then_to_decide() throws Exception {
        Org org = given.organization();
        unsubscribe(org.owner());
        String newcomer = unconfirmed();
        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + newcomer, Map.of("role", "owner"))
                .expect(200);
        Approval request = requestCluster(org);
        MimeMessage mail = awaitMail(newcomer, "Confirm your e-mail address");
        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isTrue();
        assertThat(mailsTo(newcomer)).hasSize(1);

        pages().perform(post("/notification/confirm")
                        .with(signedInAs(newcomer))
                        .with(csrf())
                        .param("token", tokens(mail).get(0)))
                .andExpect(status().isOk());

        awaitMail(newcomer, "Approval needed");
        assertThat(show(org.admin(), request).get("stuck").asBoolean()).isFalse();
        assertThat(as(newcomer)
                        .get("/api/v1/auth/me")
                        .expect(200)
                        .json()
                        .get("email_confirmed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void who_is_added_in_several_places_is_asked_once_and_told_in_all() throws Exception {
        Org org = given.organization();
        Org other = given.organization();
        String newcomer = unconfirmed();
        for (Org place : List.of(org, other)) {
            as(place.owner())
                    .put("/api/v1/orgs/" + place.id() + "/members/" + newcomer, Map.of("role", "owner"))
                    .expect(200);
        }
        String token =
                tokens(awaitMail(newcomer, "Confirm your e-mail address")).get(0);

        pages().perform(post("/notification/confirm")
                        .with(signedInAs(newcomer))
                        .with(csrf())
                        .param("token", token))
                .andExpect(status().isOk());

        requestCluster(org);
        requestCluster(other);
        await().until(() -> mailsTo(newcomer).size() == 3);
    }

    @Test
    void profile_page_offers_to_confirm_the_address() throws Exception {
        Org org = given.organization();
        String newcomer = unconfirmed();
        given.member(org.id(), newcomer, OrganizationRole.VIEWER);
        awaitMail(newcomer, "Confirm your e-mail address");
        jdbc.sql("update notification_deliveries set created_at = created_at - interval '2 minutes' where user_id = ?")
                .param(newcomer)
                .update();
        pages().perform(get("/settings/profile").with(signedInAs(newcomer)))
                .andExpect(content().string(containsString("Confirm this address")));

        pages().perform(post("/settings/profile/confirm-email")
                        .with(signedInAs(newcomer))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/profile"));

        await().until(() -> mailsTo(newcomer).size() == 2);
        pages().perform(post("/settings/profile/confirm-email")
                        .with(signedInAs(newcomer))
                        .with(csrf()))
                .andExpect(status().isConflict());
    }

    @Test
    void account_is_confirmed_without_a_mail_if_a_channel_shows_that_the_address_is_theirs() {
        Org org = given.organization();
        jdbc.sql("update users set email_confirmed = false where id = ?")
                .param(org.viewer())
                .update();

        as(org.viewer()).post("/api/v1/me/email/confirmation", null).expect(204);

        assertThat(as(org.viewer())
                        .get("/api/v1/auth/me")
                        .expect(200)
                        .json()
                        .get("email_confirmed")
                        .asBoolean())
                .isTrue();
        as(org.viewer()).post("/api/v1/me/email/confirmation", null).expectProblem(409, "already_confirmed");
    }

    /** @return a further owner */
    private String owner(Org org) {
        String owner = given.person("owner");
        given.member(org.id(), owner, OrganizationRole.OWNER);
        return owner;
    }

    /** @return a person whose address nobody has confirmed, as REST makes them */
    private String unconfirmed() {
        String person = given.person("newcomer");
        jdbc.sql("update users set email_confirmed = false where id = ?")
                .param(person)
                .update();
        return person;
    }

    /** @return the person's only channel, which is not subscribed to clusters any more */
    private String unsubscribe(String person) {
        String channel = as(person).get("/api/v1/me/channels").expect(200).at("/items/0/id");
        as(person)
                .delete("/api/v1/me/subscriptions?channel_id=" + channel + "&topic=cluster_pipeline")
                .expect(204);
        return channel;
    }

    private static void subscribe(String person, String channel) {
        as(person)
                .put(
                        "/api/v1/me/subscriptions",
                        Map.of("channel_id", channel, "topic", "cluster_pipeline", "enabled", true))
                .expect(200);
    }

    /** @return a request whose question waits, as it does for somebody who got many mails just before */
    private Approval requestForDigest(Org org, Duration wait) {
        return transaction.execute(status -> {
            Approval request = requestCluster(org);
            jdbc.sql("update notification_deliveries set due_at = ? where approval_id = ?")
                    .params(
                            Timestamp.from(Instant.now().plus(wait)),
                            request.id().value())
                    .update();
            return request;
        });
    }

    private static boolean isTo(MimeMessage mail, String address) {
        try {
            return mail.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode show(String reader, Approval approval) {
        return as(reader).get("/api/v1/approvals/" + approval.id()).expect(200).json();
    }
}
