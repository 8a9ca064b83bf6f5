package io.countersign.notification.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.notification.MailTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

class DecisionPageTest extends MailTest {

    private static final String PAGE = "/notification/approval";

    @Autowired
    private Members members;

    private Org org;
    private Approval request;
    private String approve;
    private String reject;

    private void requested() {
        requested(1);
    }

    private void requested(int approvers) {
        org = given.organization();
        request = given.request(
                ClusterRequests.TYPE,
                org.scope(),
                org.admin(),
                new Policy(List.of(new StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, approvers)), false));
        List<String> tokens = tokens(awaitMail(org.owner(), "Approval needed"));
        approve = tokens.get(0);
        reject = tokens.get(1);
    }

    @Test
    void link_needs_a_sign_in() {
        requested();

        var answer = anonymous().get(PAGE + "?token=" + approve);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.raw().headers().firstValue("location").orElseThrow()).endsWith("/login");
    }

    @Test
    void page_shows_the_whole_request_and_which_decision_the_link_stands_for() throws Exception {
        requested();

        open(org.owner(), approve)
                .andExpect(status().isOk())
                .andExpect(header().string("Referrer-Policy", "no-referrer"))
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(content().string(containsString("Approve this request")))
                .andExpect(content().string(not(containsString("Reject this request"))))
                .andExpect(content().string(containsString(request.entityName())))
                .andExpect(content().string(containsString("Person " + org.admin())))
                .andExpect(content().string(containsString("_csrf")));
        open(org.owner(), reject)
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Reject this request")));
    }

    @Test
    void looking_at_the_page_changes_nothing() throws Exception {
        requested();

        for (String token : List.of(approve, reject)) {
            open(org.owner(), token).andExpect(status().isOk());
            pages().perform(head(PAGE).param("token", token).with(signedInAs(org.owner())))
                    .andExpect(status().isOk());
        }

        assertThat(statusOfRequest()).isEqualTo("pending");
        open(org.owner(), approve).andExpect(status().isOk());
    }

    @Test
    void link_approves_once_and_then_both_are_dead() throws Exception {
        requested();

        decide(org.owner(), approve, "looks good")
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("You approved the request")));

        assertThat(statusOfRequest()).isEqualTo("approved");
        for (String token : List.of(approve, reject)) {
            open(org.owner(), token)
                    .andExpect(status().isGone())
                    .andExpect(content().string(containsString("approved by Person " + org.owner())))
                    .andExpect(content().string(containsString("looks good")));
            decide(org.owner(), token, "again").andExpect(status().isConflict());
        }
        assertThat(as(org.owner()).get("/api/v1/approvals/" + request.id()).at("/stages/0/decisions/0/origin"))
                .isEqualTo("mail");
    }

    @Test
    void link_decides_nothing_without_the_content_that_was_shown() throws Exception {
        requested();

        for (String hash : List.of("", " ")) {
            pages().perform(post(PAGE)
                            .param("token", approve)
                            .param("comment", "fine")
                            .param("content_hash", hash)
                            .with(signedInAs(org.owner()))
                            .with(csrf()))
                    .andExpect(status().isUnprocessableEntity())
                    .andExpect(content().string(containsString("Not decided")));
        }
        pages().perform(post("/approvals/" + request.id() + "/stages/"
                                + request.stage(1).id() + "/decide")
                        .param("kind", "approve")
                        .param("content_hash", "")
                        .with(signedInAs(org.owner()))
                        .with(csrf()))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(content().string(containsString("nothing was decided")));

        assertThat(statusOfRequest()).isEqualTo("pending");
        decide(org.owner(), approve, "fine").andExpect(status().isOk());
    }

    @Test
    void link_rejects_with_a_reason_only() throws Exception {
        requested();

        decide(org.owner(), reject, "  ")
                .andExpect(status().isUnprocessableEntity())
                .andExpect(content().string(containsString("must give the reason")));
        assertThat(statusOfRequest()).isEqualTo("pending");

        decide(org.owner(), reject, "not now").andExpect(status().isOk());
        assertThat(statusOfRequest()).isEqualTo("rejected");
    }

    @Test
    void used_links_say_that_the_stage_waits_for_somebody_else() throws Exception {
        requested(2);
        decide(org.owner(), approve, "looks good").andExpect(status().isOk());

        for (String token : List.of(approve, reject)) {
            open(org.owner(), token)
                    .andExpect(status().isGone())
                    .andExpect(content().string(not(containsString("lready decided"))))
                    .andExpect(content().string(containsString("The stage is waiting for another person")))
                    .andExpect(content().string(containsString("looks good")));
        }
    }

    @Test
    void used_links_of_an_approval_that_was_taken_back_say_so() throws Exception {
        requested(2);
        decide(org.owner(), approve, "").andExpect(status().isOk());
        as(org.owner())
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stage(1).id() + "/take-back",
                        Map.of("reason", "Looked at the wrong one"))
                .expect(200);

        for (String token : List.of(approve, reject)) {
            open(org.owner(), token)
                    .andExpect(status().isGone())
                    .andExpect(content().string(not(containsString("pending already"))))
                    .andExpect(content().string(containsString("no longer counts")));
        }
        assertThat(statusOfRequest()).isEqualTo("pending");
    }

    @Test
    void both_links_die_when_somebody_decides_elsewhere() throws Exception {
        requested();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);

        as(second)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stage(1).id() + "/reject",
                        Map.of("comment", "no"))
                .expect(200);

        for (String token : List.of(approve, reject)) {
            open(org.owner(), token)
                    .andExpect(status().isGone())
                    .andExpect(content().string(containsString("rejected by Person " + second)));
            decide(org.owner(), token, "but yes").andExpect(status().isConflict());
        }
        assertThat(statusOfRequest()).isEqualTo("rejected");
    }

    @Test
    void both_links_die_when_the_request_is_cancelled() throws Exception {
        requested();

        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", Map.of())
                .expect(200);

        open(org.owner(), approve)
                .andExpect(status().isGone())
                .andExpect(content().string(containsString("cancelled")));
        decide(org.owner(), reject, "no").andExpect(status().isConflict());
    }

    @Test
    void wrong_person_is_refused_and_shown_nothing() throws Exception {
        requested();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);

        for (String person : List.of(second, org.admin(), given.person("stranger"))) {
            open(person, approve)
                    .andExpect(status().isForbidden())
                    .andExpect(content().string(containsString("sent to another person")))
                    .andExpect(content().string(not(containsString(request.entityName() + "<"))));
            decide(person, approve, "mine now").andExpect(status().isForbidden());
        }
        assertThat(statusOfRequest()).isEqualTo("pending");
    }

    @Test
    void role_that_was_lost_meanwhile_is_told_clearly() throws Exception {
        requested();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        members.set(
                new UserId(second),
                Scope.organization(org.id()),
                new UserId(org.owner()),
                OrganizationRole.VIEWER,
                Optional.empty());

        open(org.owner(), approve)
                .andExpect(status().isForbidden())
                .andExpect(content().string(containsString("cluster.approve")));
        decide(org.owner(), approve, "").andExpect(status().isForbidden());
        assertThat(statusOfRequest()).isEqualTo("pending");
    }

    @Test
    void unknown_token_is_not_found() throws Exception {
        requested();

        open(org.owner(), "A".repeat(43)).andExpect(status().isNotFound());
        pages().perform(get(PAGE).with(signedInAs(org.owner()))).andExpect(status().isNotFound());
        decide(org.owner(), "A".repeat(43), "").andExpect(status().isNotFound());
    }

    @Test
    void decision_needs_the_csrf_token() throws Exception {
        requested();

        pages().perform(post(PAGE)
                        .param("token", approve)
                        .param("content_hash", request.contentHash())
                        .with(signedInAs(org.owner())))
                .andExpect(status().isForbidden());
        assertThat(statusOfRequest()).isEqualTo("pending");
    }

    @Test
    void what_was_shown_is_what_is_decided() throws Exception {
        requested();

        pages().perform(post(PAGE)
                        .param("token", approve)
                        .param("content_hash", "0".repeat(64))
                        .with(signedInAs(org.owner()))
                        .with(csrf()))
                .andExpect(status().isConflict());
        assertThat(statusOfRequest()).isEqualTo("pending");
    }

    private ResultActions open(String person, String token) throws Exception {
        return pages().perform(get(PAGE).param("token", token).with(signedInAs(person)));
    }

    private ResultActions decide(String person, String token, String comment) throws Exception {
        return pages().perform(post(PAGE)
                .param("token", token)
                .param("comment", comment)
                .param("content_hash", request.contentHash())
                .with(signedInAs(person))
                .with(csrf()));
    }

    private String statusOfRequest() {
        return as(org.viewer())
                .get("/api/v1/approvals/" + request.id())
                .expect(200)
                .at("/status");
    }
}
