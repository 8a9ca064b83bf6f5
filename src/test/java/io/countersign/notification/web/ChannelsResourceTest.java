package io.countersign.notification.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.notification.MailTest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

class ChannelsResourceTest extends MailTest {

    private static final String CHANNELS = "/api/v1/me/channels";
    private static final String SUBSCRIPTIONS = "/api/v1/me/subscriptions";

    @Autowired
    private People people;

    @Autowired
    private Members members;

    @Test
    void new_member_has_a_confirmed_channel_subscribed_to_all_topics() {
        Org org = given.organization();

        var channels = as(org.owner()).get(CHANNELS).expect(200);

        assertThat(channels.json().get("items")).hasSize(1);
        assertThat(channels.at("/items/0/organization")).isEqualTo(org.id());
        assertThat(channels.at("/items/0/kind")).isEqualTo("email");
        assertThat(channels.at("/items/0/target")).isEqualTo(address(org.owner()));
        assertThat(channels.at("/items/0/confirmed")).isEqualTo("true");
        assertThat(as(org.owner()).get(SUBSCRIPTIONS).json().get("items")).hasSize(3);
    }

    @Test
    void channel_that_was_given_and_deleted_does_not_come_back() {
        Org org = given.organization();
        as(org.admin()).delete(CHANNELS + "/" + channel(org.admin())).expect(204);

        given.member(org.id(), given.person("developer"), OrganizationRole.DEVELOPER);

        assertThat(as(org.admin()).get(CHANNELS).json().get("items")).isEmpty();
    }

    @Test
    void member_who_comes_back_gets_a_channel_again() {
        Org org = given.organization();
        as(org.admin()).delete(CHANNELS + "/" + channel(org.admin())).expect(204);

        members.remove(new UserId(org.owner()), Scope.organization(org.id()), new UserId(org.admin()));
        given.member(org.id(), org.admin(), OrganizationRole.ADMIN);

        assertThat(as(org.admin()).get(CHANNELS).json().get("items")).hasSize(1);
    }

    @Test
    void unconfirmed_address_gives_no_channel_that_works_and_no_mail_but_the_question_whose_it_is() {
        Org org = given.organization();
        UserId owner = new UserId(given.unique("owner"));
        people.insert(new Person(owner, "New owner", address(owner.value()), false, false, false), "demo");
        given.member(org.id(), owner.value(), OrganizationRole.OWNER);

        Approval request = requestCluster(org);
        awaitMail(org.owner(), "Approval needed");

        awaitMail(owner.value(), "Confirm your e-mail address");
        assertThat(as(owner.value()).get(CHANNELS).json().get("items"))
                .hasSize(1)
                .noneMatch(channel -> channel.get("confirmed").asBoolean());
        assertThat(deliveries(request, owner.value())).isEmpty();
    }

    @Test
    void other_address_gets_nothing_before_it_is_confirmed_by_the_mailed_link() throws Exception {
        Org org = given.organization();
        String other = given.unique("other");
        String id = add(org.owner(), org, "email", address(other)).expect(201).at("/id");
        subscribe(org.owner(), id, "cluster_pipeline");
        String token = tokens(awaitMail(other, "Confirm your e-mail address")).get(0);

        Approval before = requestCluster(org);
        awaitMail(org.owner(), "Approval needed: create cluster " + before.entityName());
        assertThat(deliveries(before, org.owner())).hasSize(1);

        openConfirmation(org.admin(), token).andExpect(status().isForbidden());
        openConfirmation(org.owner(), token)
                .andExpect(status().isOk())
                .andExpect(content().string(containsString(address(other))));
        assertThat(confirmed(org.owner(), id)).as("looking changes nothing").isFalse();
        confirm(org.admin(), token).andExpect(status().isNotFound());
        confirm(org.owner(), token).andExpect(status().isOk());
        assertThat(confirmed(org.owner(), id)).isTrue();
        confirm(org.owner(), token).andExpect(status().isNotFound());

        Approval after = requestCluster(org);
        awaitMail(other, "Approval needed: create cluster " + after.entityName());
    }

    @Test
    void expired_confirmation_is_refused() throws Exception {
        Org org = given.organization();
        String other = given.unique("other");
        add(org.owner(), org, "email", address(other)).expect(201);
        String token = tokens(awaitMail(other, "Confirm")).get(0);
        jdbc.sql("""
                        update channel_confirmations set expires_at = now() - interval '1 second'
                        where channel_id in (select id from notification_channels where target = ?)""").param(address(other)).update();

        openConfirmation(org.owner(), token).andExpect(status().isNotFound());
        confirm(org.owner(), token).andExpect(status().isNotFound());
    }

    @Test
    void confirmation_is_sent_again_but_not_every_second() {
        Org org = given.organization();
        String other = given.unique("other");
        String id = add(org.owner(), org, "email", address(other)).expect(201).at("/id");
        awaitMail(other, "Confirm");

        as(org.owner()).post(CHANNELS + "/" + id + "/confirmation", null).expectProblem(409, "just_sent");
        jdbc.sql(
                        "update notification_deliveries set created_at = created_at - interval '2 minutes' where recipient = ?")
                .param(address(other))
                .update();
        as(org.owner()).post(CHANNELS + "/" + id + "/confirmation", null).expect(202);
        as(org.owner())
                .post(CHANNELS + "/" + channel(org.owner()) + "/confirmation", null)
                .expectProblem(409, "already_confirmed");
    }

    @Test
    void nobody_has_many_mails_sent_to_a_stranger_by_deleting_and_adding() {
        Org org = given.organization();
        String stranger = given.unique("stranger");

        for (int mail = 0; mail < 5; mail++) {
            String id = add(org.owner(), org, "email", address(stranger))
                    .expect(201)
                    .at("/id");
            as(org.owner()).delete(CHANNELS + "/" + id).expect(204);
        }
        Client.Answer refused = add(org.owner(), org, "email", address(stranger).toUpperCase(Locale.ROOT));

        refused.expectProblem(429, "too_many_confirmations");
        assertThat(refused.raw().headers().firstValue("retry-after")).hasValue("3600");
        assertThat(confirmations(org.owner())).isEqualTo(5);
        add(org.owner(), org, "email", address(given.unique("other"))).expect(201);
        add(org.admin(), org, "email", address(stranger)).expect(201);
    }

    @Test
    void nobody_has_mails_sent_to_many_strangers_by_deleting_and_adding() {
        Org org = given.organization();

        for (int mail = 0; mail < 20; mail++) {
            String id = add(org.owner(), org, "email", address(given.unique("stranger")))
                    .expect(201)
                    .at("/id");
            as(org.owner()).delete(CHANNELS + "/" + id).expect(204);
        }

        add(org.owner(), org, "email", address(given.unique("stranger"))).expectProblem(429, "too_many_confirmations");
        jdbc.sql("update notification_deliveries set created_at = created_at - interval '1 hour' where user_id = ?")
                .param(org.owner())
                .update();
        add(org.owner(), org, "email", address(given.unique("stranger"))).expect(201);
    }

    private int confirmations(String person) {
        return jdbc.sql("select count(*) from notification_deliveries where user_id = ? and purpose = 'confirmation'")
                .param(person)
                .query(Integer.class)
                .single();
    }

    @Test
    void own_confirmed_address_needs_no_confirmation() {
        Org org = given.organization();
        as(org.owner()).delete(CHANNELS + "/" + channel(org.owner())).expect(204);

        var channel = add(org.owner(), org, "email", address(org.owner())).expect(201);

        assertThat(channel.at("/confirmed")).isEqualTo("true");
    }

    @Test
    void webhook_is_shown_without_its_secret() {
        Org org = given.organization();

        var answer = add(org.owner(), org, "slack", "https://hooks.slack.invalid/services/T0/B0/s3cret")
                .expect(201);

        assertThat(answer.at("/target")).isEqualTo("https://hooks.slack.invalid/…");
        assertThat(as(org.owner()).get(CHANNELS).text()).doesNotContain("s3cret");
    }

    @Test
    void webhooks_into_this_network_are_refused() {
        Org org = given.organization();

        for (String url : new String[] {
            "http://hooks.slack.com/x",
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest",
            "file:///etc/passwd",
            "nonsense"
        }) {
            var answer = add(org.owner(), org, "slack", url).expectProblem(422, "invalid_input");
            assertThat(answer.at("/errors/0/field")).isEqualTo("target");
        }
    }

    @Test
    void bad_input_is_refused_field_by_field() {
        Org org = given.organization();

        var answer = as(org.owner())
                .post(
                        CHANNELS,
                        Map.of("organization", org.id(), "kind", "email", "name", " ", "target", "a@b\r\nBcc: c@d"));

        answer.expectProblem(422, "invalid_input");
        assertThat(answer.json().get("errors"))
                .extracting(error -> error.get("field").asText())
                .containsExactly("name", "target");
        add(org.owner(), org, "pigeon", "x").expectProblem(422, "invalid_input");
        add(org.owner(), org, "email", address(org.owner())).expectProblem(409, "channel_exists");
    }

    @Test
    void channels_are_for_members_and_those_of_the_platform_for_superadmins() {
        Org org = given.organization();
        Map<String, Object> platform = Map.of("kind", "email", "name", "Mine", "target", "ops@example.com");

        add(given.person("stranger"), org, "email", "x@example.com").expectProblem(404, "not_found");
        as(org.owner()).post(CHANNELS, platform).expectProblem(403, "missing_permission");
        as(given.superadmin()).post(CHANNELS, platform).expect(201);
    }

    @Test
    void nobody_touches_anothers_channel() {
        Org org = given.organization();
        String id = channel(org.owner());

        as(org.admin()).patch(CHANNELS + "/" + id, Map.of("enabled", false)).expectProblem(404, "not_found");
        as(org.admin()).delete(CHANNELS + "/" + id).expectProblem(404, "not_found");
        as(org.admin())
                .put(SUBSCRIPTIONS, Map.of("channel_id", id, "topic", "system_events", "enabled", false))
                .expectProblem(404, "not_found");
        anonymous().get(CHANNELS).expectProblem(401, "unauthenticated");
    }

    @Test
    void channel_is_renamed_and_switched() {
        Org org = given.organization();
        String id = channel(org.owner());

        var answer = as(org.owner())
                .patch(CHANNELS + "/" + id, Map.of("name", "Work", "enabled", false))
                .expect(200);

        assertThat(answer.at("/name")).isEqualTo("Work");
        assertThat(answer.at("/enabled")).isEqualTo("false");
    }

    @Test
    void repeated_creation_with_the_same_key_creates_once() {
        Org org = given.organization();
        Map<String, Object> body =
                Map.of("organization", org.id(), "kind", "email", "name", "Team", "target", "team@example.com");
        String key = given.unique("key");

        String first = as(org.owner())
                .send("POST", CHANNELS, body, "Idempotency-Key", key)
                .expect(201)
                .at("/id");
        String second = as(org.owner())
                .send("POST", CHANNELS, body, "Idempotency-Key", key)
                .expect(201)
                .at("/id");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void unknown_topic_is_refused() {
        Org org = given.organization();

        as(org.owner())
                .put(SUBSCRIPTIONS, Map.of("channel_id", channel(org.owner()), "topic", "weather", "enabled", true))
                .expectProblem(422, "invalid_input");
    }

    private io.countersign.Client.Answer add(String person, Org org, String kind, String target) {
        Map<String, Object> body = new HashMap<>();
        body.put("organization", org.id());
        body.put("kind", kind);
        body.put("name", "Another");
        body.put("target", target);
        return as(person).post(CHANNELS, body);
    }

    private String channel(String person) {
        return as(person).get(CHANNELS).expect(200).at("/items/0/id");
    }

    private void subscribe(String person, String channel, String topic) {
        as(person)
                .put(SUBSCRIPTIONS, Map.of("channel_id", channel, "topic", topic, "enabled", true))
                .expect(200);
    }

    private boolean confirmed(String person, String channel) {
        for (var item : as(person).get(CHANNELS).expect(200).json().get("items")) {
            if (item.get("id").asText().equals(channel)) {
                return item.get("confirmed").asBoolean();
            }
        }
        throw new AssertionError("No channel " + channel);
    }

    private ResultActions openConfirmation(String person, String token) throws Exception {
        return pages().perform(
                        get("/notification/confirm").param("token", token).with(signedInAs(person)));
    }

    private ResultActions confirm(String person, String token) throws Exception {
        return pages().perform(post("/notification/confirm")
                .param("token", token)
                .with(signedInAs(person))
                .with(csrf()));
    }
}
