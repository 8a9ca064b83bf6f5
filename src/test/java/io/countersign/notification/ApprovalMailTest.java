package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Submission;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

class ApprovalMailTest extends MailTest {

    @Autowired
    private Approvals approvals;

    @Autowired
    private People people;

    @Autowired
    private Members members;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void each_owner_gets_one_mail_that_says_who_asks_for_what_with_both_links() throws Exception {
        Org org = given.organization();
        String secondOwner = given.person("owner");
        given.member(org.id(), secondOwner, OrganizationRole.OWNER);

        Approval request = requestCluster(org);

        for (String owner : List.of(org.owner(), secondOwner)) {
            MimeMessage mail = awaitMail(owner, "Approval needed: create cluster " + request.entityName());
            assertThat(text(mail))
                    .contains("Person " + org.admin() + " (" + org.admin() + ") asks to create cluster "
                            + request.entityName() + " in " + org.id())
                    .contains("  Size: 3")
                    .contains("Approve:\n" + server() + "/notification/approval?token=")
                    .contains("Reject:\n" + server() + "/notification/approval?token=");
            assertThat(tokens(mail)).hasSize(2).doesNotHaveDuplicates();
            for (String token : tokens(mail)) {
                assertThat(html(mail)).contains("href=\"" + server() + "/notification/approval?token=" + token + "\"");
            }
            assertThat(mail.getFrom()[0]).hasToString("Countersign <countersign@localhost>");
            assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        }
        assertThat(mailsTo(org.owner())).hasSize(1);
        assertThat(tokens(mailsTo(org.owner()).get(0)))
                .doesNotContainAnyElementsOf(tokens(mailsTo(secondOwner).get(0)));
    }

    @Test
    void nobody_else_is_asked() {
        Org org = given.organization();

        requestCluster(org);

        awaitMail(org.owner(), "Approval needed");
        assertThat(mailsTo(org.admin())).isEmpty();
        assertThat(mailsTo(org.developer())).isEmpty();
        assertThat(mailsTo(org.viewer())).isEmpty();
    }

    @Test
    void nobody_who_is_deactivated_gets_mail_of_what_was_queued_before_or_after() {
        Org org = given.organization();
        String secondOwner = given.person("owner");
        given.member(org.id(), secondOwner, OrganizationRole.OWNER);
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);

        for (String leaver : List.of(org.owner(), org.admin())) {
            as("superadmin")
                    .post("/api/v1/users/" + leaver + "/deactivate", Map.of())
                    .expect(200);
        }
        mailServerIs(true);
        retryDeliveries(request);
        awaitMail(secondOwner, "Approval needed");
        as(secondOwner)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(0).id() + "/reject",
                        Map.of("comment", "no"))
                .expect(200);
        as(secondOwner)
                .post("/api/v1/approvals/" + request.id() + "/comments", Map.of("text", "Anybody there?"))
                .expect(201);
        awaitSilence(request);

        assertThat(deliveries(request, org.owner())).containsExactly("dropped");
        assertThat(deliveries(request, org.admin())).isEmpty();
        assertThat(mailsTo(org.owner())).isEmpty();
        assertThat(mailsTo(org.admin())).isEmpty();
    }

    @Test
    void a_comment_reaches_the_submitter_and_an_answer_those_who_are_asked() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        String comments = "/api/v1/approvals/" + request.id() + "/comments";

        as(org.viewer()).post(comments, Map.of("text", "Why three?")).expect(201);
        as(org.admin()).post(comments, Map.of("text", "One for each zone.")).expect(201);

        MimeMessage question = awaitMail(org.admin(), "Comment: create cluster " + request.entityName());
        assertThat(text(question))
                .contains("Person " + org.viewer() + " (" + org.viewer() + ") commented")
                .contains("Why three?")
                .contains(server() + "/approvals/" + request.id() + "#discussion");
        assertThat(text(awaitMail(org.owner(), "Comment:"))).contains("One for each zone.");
        assertThat(text(awaitMail(org.viewer(), "Comment:"))).contains("One for each zone.");
        assertThat(mailsTo(org.developer())).isEmpty();
    }

    @Test
    void tokens_are_stored_nowhere_in_clear() {
        Org org = given.organization();
        requestCluster(org);

        String token = tokens(awaitMail(org.owner(), "Approval needed")).get(0);

        assertThat(jdbc.sql("select count(*) from decision_links where decision_links::text like ?")
                        .param("%" + token + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from notification_deliveries d where d::text like ?")
                        .param("%" + token + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void a_change_is_shown_field_by_field() {
        Org org = given.organization();
        Approval request = transaction.execute(status -> {
            Approval approval = approvals.submit(new Submission(
                    ClusterRequests.TYPE,
                    "prod",
                    "prod",
                    "update",
                    org.scope(),
                    Principal.of(new UserId(org.admin())),
                    Map.of("name", "prod", "size", 5),
                    Optional.of(Map.of("name", "prod", "size", 3)),
                    ONE_OWNER));
            runtime.startProcessInstanceByKey(
                    "approval-stages",
                    "prod",
                    Map.of("approvalId", approval.id().toString()));
            return approval;
        });

        MimeMessage mail = awaitMail(org.owner(), "Approval needed: update cluster prod");

        assertThat(text(mail)).contains("What would change\n  Size: 3 -> 5\n").doesNotContain("Name: prod -> ");
        assertThat(request.currentContent()).isPresent();
    }

    @Test
    void names_with_line_breaks_and_markup_stay_names() throws Exception {
        Org org = given.organization();
        UserId evil = new UserId(given.unique("evil"));
        people.insert(
                new Person(
                        evil,
                        "Eve\r\nBcc: victim@example.com\r\n\r\nApprove:\nhttps://evil.example <b>&",
                        address(evil.value()),
                        true,
                        false,
                        false),
                "demo");
        given.member(org.id(), evil.value(), OrganizationRole.ADMIN);
        transaction.executeWithoutResult(status -> {
            Approval approval = approvals.submit(new Submission(
                    ClusterRequests.TYPE,
                    "x",
                    "prod\r\nBcc: victim@example.com\r\nX-Evil: 1",
                    "create",
                    org.scope(),
                    Principal.of(evil),
                    Map.of("name", "<script>alert(1)</script>"),
                    Optional.empty(),
                    ONE_OWNER));
            runtime.startProcessInstanceByKey(
                    "approval-stages", "x", Map.of("approvalId", approval.id().toString()));
        });

        MimeMessage mail = awaitMail(org.owner(), "Approval needed");

        assertThat(subject(mail)).contains("prod Bcc: victim@example.com X-Evil: 1");
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("X-Evil")).isNull();
        assertThat(text(mail)).doesNotContainPattern("(?m)^https://evil").doesNotContainPattern("(?m)^Bcc:");
        assertThat(html(mail))
                .doesNotContain("<script>")
                .contains("&lt;script&gt;")
                .contains("&lt;b&gt;&amp;");
        assertThat(mailsTo("victim")).isEmpty();
    }

    @Test
    void submitter_is_told_of_the_approval() {
        Org org = given.organization();
        Approval request = requestCluster(org);

        decide(org.owner(), request, "approve", "fine with me");

        MimeMessage mail = awaitMail(org.admin(), "Approved: create cluster " + request.entityName());
        assertThat(text(mail))
                .contains("Your request to create cluster " + request.entityName())
                .contains("approved by Person " + org.owner())
                .contains("fine with me")
                .contains(server() + "/approvals/" + request.id());
    }

    @Test
    void submitter_is_told_of_the_rejection_with_its_reason_and_by_whom() {
        Org org = given.organization();
        Approval request = requestCluster(org);

        decide(org.owner(), request, "reject", "too expensive");

        assertThat(text(awaitMail(org.admin(), "Rejected: create cluster " + request.entityName())))
                .contains("Rejected by: Person " + org.owner())
                .contains("Reason: too expensive");
    }

    @Test
    void submitter_is_told_of_the_cancellation() {
        Org org = given.organization();
        Approval request = requestCluster(org);
        awaitMail(org.owner(), "Approval needed");

        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", Map.of())
                .expect(200);

        awaitMail(org.admin(), "Cancelled: create cluster " + request.entityName());
    }

    @Test
    void superadmins_are_told_of_a_stuck_approval() {
        String superadmin = given.superadmin();
        Org org = given.organization();

        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);

        MimeMessage mail = awaitMail(superadmin, "Stuck approval: create cluster " + request.entityName());
        assertThat(text(mail)).contains("Nobody can decide").contains("cluster.approve");
    }

    @Test
    void decision_that_comes_as_soon_as_its_stage_opens_goes_through() {
        Org org = given.organization();

        for (int i = 0; i < 30; i++) {
            decide(org.owner(), requestCluster(org), "approve", "at once");
        }
    }

    @Test
    void mail_server_that_is_down_delays_mail_and_no_decision() {
        Org org = given.organization();
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);
        assertThat(deliveries(request, org.owner())).containsExactly("queued");

        decide(org.owner(), request, "approve", "fine");
        awaitSilence(request);
        mailServerIs(true);
        retryDeliveries(request);

        awaitMail(org.admin(), "Approved");
        awaitSilence(request);
        assertThat(deliveries(request, org.owner()))
                .as("a question that was answered meanwhile is not asked")
                .containsExactly("dropped");
        assertThat(mailsTo(org.owner())).isEmpty();
    }

    @Test
    void delayed_mail_arrives_once_and_its_links_are_the_only_ones() {
        Org org = given.organization();
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);
        assertThat(runtime.createIncidentQuery()
                        .processInstanceId(instanceOf(request))
                        .count())
                .isOne();

        mailServerIs(true);
        retryDeliveries(request);

        MimeMessage mail = awaitMail(org.owner(), "Approval needed");
        awaitSilence(request);
        assertThat(mailsTo(org.owner())).hasSize(1);
        assertThat(tokens(mail)).hasSize(2);
        assertThat(jdbc.sql("select count(*) from decision_links where approval_id = ?")
                        .param(request.id().value())
                        .query(Integer.class)
                        .single())
                .as("attempts that failed left no links behind")
                .isEqualTo(2);
    }

    @Test
    void cockpit_shows_failed_deliveries_under_readable_keys() {
        Org org = given.organization();
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);

        assertThat(runtime.createProcessInstanceQuery()
                        .processDefinitionKey("notification-delivery")
                        .processInstanceBusinessKey("Approval needed: create cluster " + request.entityName() + " in "
                                + org.id() + " to " + address(org.owner()))
                        .count())
                .isOne();
    }

    @Test
    void channel_that_is_switched_off_gets_nothing() {
        Org org = given.organization();
        String channel = as(org.owner()).get("/api/v1/me/channels").expect(200).at("/items/0/id");
        as(org.owner())
                .patch("/api/v1/me/channels/" + channel, Map.of("enabled", false))
                .expect(200);

        Approval request = requestCluster(org);
        awaitSilence(request);

        assertThat(deliveries(request, org.owner())).isEmpty();
    }

    @Test
    void channel_that_is_switched_off_deleted_or_unsubscribed_meanwhile_gets_nothing() {
        Org org = given.organization();
        String second = given.person("owner");
        String third = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        given.member(org.id(), third, OrganizationRole.OWNER);
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);

        as(org.owner())
                .patch("/api/v1/me/channels/" + channelOf(org.owner()), Map.of("enabled", false))
                .expect(200);
        as(second).delete("/api/v1/me/channels/" + channelOf(second)).expect(204);
        as(third)
                .put(
                        "/api/v1/me/subscriptions",
                        Map.of("channel_id", channelOf(third), "topic", "cluster_pipeline", "enabled", false))
                .expect(200);
        mailServerIs(true);
        retryDeliveries(request);
        awaitSilence(request);

        for (String owner : List.of(org.owner(), second, third)) {
            assertThat(deliveries(request, owner)).containsExactly("dropped");
            assertThat(mailsTo(owner)).isEmpty();
        }
    }

    @Test
    void owner_who_left_is_not_asked() {
        Org org = given.organization();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        mailServerIs(false);
        Approval request = requestCluster(org);
        awaitSilence(request);

        members.remove(new UserId(org.owner()), Scope.organization(org.id()), new UserId(second));
        mailServerIs(true);
        retryDeliveries(request);

        awaitMail(org.owner(), "Approval needed");
        awaitSilence(request);
        assertThat(deliveries(request, second)).containsExactly("dropped");
    }

    private String channelOf(String person) {
        return as(person).get("/api/v1/me/channels").expect(200).at("/items/0/id");
    }

    private String instanceOf(Approval request) {
        return jdbc.sql("select process_instance_id from notification_deliveries where approval_id = ?")
                .param(request.id().value())
                .query(String.class)
                .single();
    }

    private void decide(String person, Approval request, String decision, String comment) {
        as(person)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stage(1).id() + "/" + decision,
                        Map.of("comment", comment))
                .expect(200);
    }
}
