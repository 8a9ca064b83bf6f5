package io.countersign.identity.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.rules.ApprovalProperties;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Candidates;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegations;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.util.AopTestUtils;
import org.springframework.test.util.ReflectionTestUtils;

/** A superadmin who makes accounts is still one person. */
class AccountMakersTest extends ServerTest {

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Memberships memberships;

    @Autowired
    private Delegations delegations;

    @Autowired
    private AccountMakers makers;

    @Autowired
    private Candidates wired;

    @Autowired
    private Clock clock;

    private String maker;
    private Org org;

    @BeforeEach
    void organization() {
        maker = given.superadmin();
        org = given.organization();
    }

    @Test
    void request_says_who_had_the_link_to_its_submitters_account() {
        String made = add(maker, null);
        given.member(org.id(), made, OrganizationRole.ADMIN);

        JsonNode risk = risk(request(made));

        assertThat(risk.path("code").asText()).isEqualTo("account_of_submitter_made");
        assertThat(risk.path("by").asText()).isEqualTo(maker);
        assertThat(risk.path("text").asText())
                .isEqualTo("Super " + maker + " (" + maker + ") was shown the link that sets the password of Person "
                        + made + " (" + made + "), who submitted this.");
    }

    @Test
    void request_says_that_its_submitter_made_the_account_of_who_decided_it() {
        given.member(org.id(), maker, OrganizationRole.ADMIN);
        String made = add(maker, "somebody@example.com");
        given.member(org.id(), made, OrganizationRole.OWNER);
        Approval request = request(maker);

        decide(request, made);

        assertThat(risk(request).path("code").asText()).isEqualTo("account_of_decider_made");
        assertThat(risk(request).path("text").asText())
                .contains("had a link mailed")
                .endsWith("who decided this.");
    }

    @Test
    void request_says_that_one_hand_made_the_accounts_on_both_sides() {
        String submitter = add(maker, null);
        String decider = add(maker, null);
        given.member(org.id(), submitter, OrganizationRole.ADMIN);
        given.member(org.id(), decider, OrganizationRole.OWNER);
        Approval request = request(submitter);

        decide(request, decider);

        assertThat(risks(request).findValuesAsText("code"))
                .containsExactly("account_of_submitter_made", "account_of_decider_made");
        assertThat(as("superadmin")
                        .get("/api/v1/audit?action=approve&entity_id=" + request.entityId())
                        .at("/items/0/details/account_maker"))
                .isEqualTo("true");
    }

    @Test
    void account_that_was_made_long_before_says_nothing() {
        String made = add(maker, null);
        given.member(org.id(), made, OrganizationRole.ADMIN);
        Approval request = request(made);
        jdbc.sql("update approvals set submitted_at = now() + interval '7 days 1 minute' where id = ?")
                .param(request.id().value())
                .update();

        assertThat(risks(request)).isEmpty();
    }

    @Test
    void where_a_setting_asks_for_it_nobody_decides_for_an_account_that_they_made() {
        String made = add(maker, "somebody@example.com");
        given.member(org.id(), made, OrganizationRole.ADMIN);
        given.member(org.id(), maker, OrganizationRole.OWNER);

        assertThat(verdict(true, request(made), maker).refusal()).hasValue(Refusal.ACCOUNT_MAKER);
        assertThat(verdict(true, request(maker), made).refusal()).hasValue(Refusal.ACCOUNT_MAKER);
        assertThat(verdict(true, request(made), org.owner()).allowed()).isTrue();
        assertThat(verdict(false, request(made), maker).allowed()).isTrue();
    }

    @Test
    void there_lone_superadmin_brings_nothing_to_its_end_at_any_door() {
        String submitter = add(maker, null);
        String decider = add(maker, null);
        given.member(org.id(), submitter, OrganizationRole.ADMIN);
        given.member(org.id(), decider, OrganizationRole.OWNER);
        given.member(org.id(), maker, OrganizationRole.OWNER);
        as(org.owner())
                .delete("/api/v1/orgs/" + org.id() + "/members/" + org.owner())
                .expect(204);
        Candidates target = AopTestUtils.getTargetObject(wired);
        ReflectionTestUtils.setField(target, "people", new PeopleProperties(Duration.ofDays(7), true));
        try {
            Approval request = request(submitter);
            String stage = "/api/v1/approvals/" + request.id() + "/stages/"
                    + request.stage(1).id();
            String task = as(maker)
                    .get("/engine-rest/task?processVariables=approvalId_eq_" + request.id())
                    .at("/0/id");

            for (String guise : List.of(maker, decider)) {
                as(guise).post(stage + "/approve", Map.of()).expectProblem(403, "account_maker");
                as(guise)
                        .post(
                                "/engine-rest/task/" + task + "/complete",
                                Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                        .expect(403);
            }
            as(maker)
                    .post(
                            "/api/v1/approvals/" + request.id() + "/override",
                            Map.of("decision", "approve", "reason", "in a hurry"))
                    .expectProblem(403, "account_maker");
            assertThat(as("superadmin")
                            .get("/api/v1/approvals/" + request.id())
                            .expect(200)
                            .json()
                            .path("stuck")
                            .asBoolean())
                    .isTrue();
            as("superadmin")
                    .post(
                            "/api/v1/approvals/" + request.id() + "/override",
                            Map.of("decision", "approve", "reason", "looked at it"))
                    .expect(200);
        } finally {
            ReflectionTestUtils.setField(target, "people", new PeopleProperties(Duration.ofDays(7), false));
        }
    }

    @Test
    void there_two_accounts_of_one_hand_do_not_decide_for_each_other_wherever_their_links_went() {
        String one = add(maker, "one@example.com");
        String other = add(maker, "other@example.com");
        String stranger = add(given.superadmin(), "stranger@example.com");
        given.member(org.id(), one, OrganizationRole.ADMIN);
        given.member(org.id(), other, OrganizationRole.OWNER);
        given.member(org.id(), stranger, OrganizationRole.OWNER);

        assertThat(verdict(true, request(one), other).refusal()).hasValue(Refusal.ACCOUNT_MAKER);
        assertThat(verdict(true, request(one), stranger).allowed()).isTrue();
    }

    @Test
    void there_inviting_somebody_again_ties_them_only_once_they_follow_the_link() {
        given.member(org.id(), maker, OrganizationRole.ADMIN);
        jdbc.sql("update users set email = null where id = ?")
                .param(org.owner())
                .update();

        Client.Answer invited = as(maker)
                .post("/api/v1/users/" + org.owner() + "/invite", Map.of())
                .expect(200);
        assertThat(verdict(true, request(maker), org.owner()).allowed()).isTrue();

        Fixtures.acceptInvitation(anonymous(), invited, "a long enough password");
        assertThat(verdict(true, request(maker), org.owner()).refusal()).hasValue(Refusal.ACCOUNT_MAKER);
    }

    @Test
    void there_an_account_is_its_persons_own_after_some_days() {
        String made = add(maker, null);
        given.member(org.id(), made, OrganizationRole.ADMIN);
        given.member(org.id(), maker, OrganizationRole.OWNER);
        jdbc.sql("update users set made_at = now() - interval '7 days 1 minute' where id = ?")
                .param(made)
                .update();

        assertThat(verdict(true, request(made), maker).allowed()).isTrue();
    }

    @Test
    void there_a_request_that_only_the_maker_could_decide_is_stuck() {
        String made = add(maker, null);
        given.member(org.id(), made, OrganizationRole.ADMIN);
        Approval request = request(made);
        Candidates candidates = candidates(true);
        given.member(org.id(), maker, OrganizationRole.OWNER);

        assertThat(ApprovalRules.stuckReason(
                        request,
                        request.stage(1),
                        candidates.in(org.scope()).stream()
                                .filter(member -> !member.user().value().equals(org.owner()))
                                .toList()))
                .isPresent();
    }

    private Verdict verdict(boolean secondSuperadmin, Approval request, String person) {
        return ApprovalRules.mayDecide(
                request, request.stage(1), candidates(secondSuperadmin).of(new UserId(person), org.scope()));
    }

    private Candidates candidates(boolean secondSuperadmin) {
        return new Candidates(
                memberships,
                delegations,
                makers,
                new PeopleProperties(Duration.ofDays(7), secondSuperadmin),
                new ApprovalProperties(Duration.ofDays(7)),
                clock);
    }

    private String add(String superadmin, String email) {
        String id = given.unique("made");
        Map<String, Object> person = email == null
                ? Map.of("id", id, "display_name", "Person " + id)
                : Map.of("id", id, "display_name", "Person " + id, "email", email);
        as(superadmin).post("/api/v1/users", person).expect(201);
        // Their first password, as they would have set it.
        jdbc.sql("update users set password_hash = (select password_hash from users where id = ?) where id = ?")
                .params(superadmin, id)
                .update();
        return id;
    }

    private Approval request(String submitter) {
        Scope scope = org.scope();
        return given.request(ClusterRequests.TYPE, scope, submitter, Policy.singleStage(Permission.CLUSTER_APPROVE));
    }

    private static void decide(Approval request, String person) {
        as(person)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stage(1).id() + "/approve",
                        Map.of())
                .expect(200);
    }

    private JsonNode risk(Approval request) {
        JsonNode risks = risks(request);
        assertThat(risks).hasSize(1);
        return risks.get(0);
    }

    private JsonNode risks(Approval request) {
        return as(org.owner())
                .get("/api/v1/approvals/" + request.id())
                .expect(200)
                .json()
                .path("risks");
    }
}
