package io.countersign.approval.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.requests.Approvals;
import io.countersign.cluster.ClusterRequests;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Requests that nobody can decide any more, or somebody again, as people come, go and change roles. */
class StuckDetectionTest extends ServerTest {

    @Autowired
    private Approvals approvals;

    @Autowired
    private Members members;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private String owner;
    private String project;
    private String approver;

    @BeforeEach
    void project_with_one_approver_beside_its_owner() {
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        approver = given.member(project, ProjectRole.APPROVER, "payments");
    }

    @Test
    void request_is_stuck_as_long_as_its_only_approver_is_in_another_role_or_team() {
        Approval request = ownersRequest(TeamScope.OTHER_TEAM);
        assertThat(stuck(request)).isFalse();

        assertStuckAfter(request, true, () -> put(approver, "approver", "web"));
        assertStuckAfter(request, false, () -> put(approver, "approver", "payments"));
        assertStuckAfter(request, true, () -> put(approver, "editor", "payments"));
        assertStuckAfter(request, false, () -> put(approver, "admin", "payments"));
        assertStuckAfter(
                request,
                true,
                () -> as(owner)
                        .delete("/api/v1/projects/" + project + "/members/" + approver)
                        .expect(204));
    }

    @Test
    void member_of_the_group_that_is_asked_too_frees_only_a_stage_that_waited_too_long() {
        as(owner).delete("/api/v1/projects/" + project + "/members/" + approver).expect(204);
        Policy policy = new Policy(
                List.of(new StagePolicy(1, Permission.ROUTE_APPROVE, TeamScope.ANY, 1)),
                false,
                new WaitingPolicy(null, "PT1H", "role:viewer", null));
        Approval escalated = given.request(RouteRequests.TYPE, Scope.project(project), owner, policy);
        Approval waiting = given.request(RouteRequests.TYPE, Scope.project(project), owner, policy);
        jdbc.sql("update approval_stages set escalated_at = now() where approval_id = ?")
                .param(escalated.id().value())
                .update();

        String viewer = given.member(project, ProjectRole.VIEWER, "payments");

        assertThat(stuck(escalated)).isFalse();
        assertThat(stuck(waiting)).isTrue();
        as(owner).delete("/api/v1/projects/" + project + "/members/" + viewer).expect(204);
        assertThat(stuck(escalated)).isTrue();
    }

    @Test
    void changed_role_waits_for_no_request_that_stays_as_it_is() {
        String second = given.member(project, ProjectRole.APPROVER, "payments");
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String otherOwner = given.member(project, ProjectRole.OWNER, "web");
        Approval request = ownersRequest(TeamScope.ANY);
        transaction.executeWithoutResult(status -> {
            approvals.hold(request.id());

            // The request of a person, one that none of their permissions decides, one that others can decide.
            assertThat(finishes(() -> put(otherOwner, owner, "owner", "payments")))
                    .isEqualTo(200);
            assertThat(finishes(() -> put(editor, "viewer", "web"))).isEqualTo(200);
            assertThat(finishes(() -> put(otherOwner, second, "viewer", "web"))).isEqualTo(200);
        });
        assertThat(stuck(request)).isFalse();
    }

    @Test
    void request_is_stuck_after_both_its_approvers_left_in_the_same_moment() {
        String second = given.member(project, ProjectRole.APPROVER, "payments");
        Approval request = ownersRequest(TeamScope.ANY);

        CompletableFuture<Client.Answer> other = transaction.execute(status -> {
            members.remove(new UserId(owner), Scope.project(project), new UserId(approver));
            CompletableFuture<Client.Answer> leaving = CompletableFuture.supplyAsync(
                    () -> as(owner).delete("/api/v1/projects/" + project + "/members/" + second));
            awaitWaitingOrDone(leaving);
            return leaving;
        });

        other.join().expect(204);
        assertThat(stuck(request)).isTrue();
    }

    @Test
    void request_is_stuck_whose_stage_opens_in_the_moment_in_which_its_approver_leaves() {
        Approval[] request = new Approval[1];

        CompletableFuture<Client.Answer> other = transaction.execute(status -> {
            request[0] = ownersRequest(TeamScope.ANY);
            CompletableFuture<Client.Answer> leaving = CompletableFuture.supplyAsync(
                    () -> as(owner).delete("/api/v1/projects/" + project + "/members/" + approver));
            awaitWaitingOrDone(leaving);
            return leaving;
        });

        other.join().expect(204);
        assertThat(stuck(request[0])).isTrue();
    }

    @Test
    void request_is_not_stuck_whose_stage_opens_in_the_moment_in_which_an_approver_comes() {
        members.remove(new UserId(owner), Scope.project(project), new UserId(approver));

        CompletableFuture<Approval> other = transaction.execute(status -> {
            members.write(
                    Scope.project(project),
                    new UserId(approver),
                    ProjectRole.APPROVER,
                    Optional.of(new TeamId("payments")));
            CompletableFuture<Approval> opening = CompletableFuture.supplyAsync(() -> ownersRequest(TeamScope.ANY));
            awaitWaitingOrDone(opening);
            return opening;
        });

        assertThat(stuck(other.join())).isFalse();
    }

    @Test
    void owner_who_comes_frees_the_requests_of_the_only_one() {
        Org org = given.organization();
        Approval request = given.request(
                ClusterRequests.TYPE, org.scope(), org.owner(), Policy.singleStage(Permission.CLUSTER_APPROVE));
        assertThat(stuck(request)).isTrue();

        given.member(org.id(), org.admin(), OrganizationRole.OWNER);

        assertThat(stuck(request)).isFalse();
    }

    private Approval ownersRequest(TeamScope teamScope) {
        return given.request(
                RouteRequests.TYPE,
                Scope.project(project),
                owner,
                new Policy(List.of(new StagePolicy(1, Permission.ROUTE_APPROVE, teamScope, 1)), false));
    }

    private Client.Answer put(String member, String role, String team) {
        return put(owner, member, role, team);
    }

    private Client.Answer put(String by, String member, String role, String team) {
        return as(by).put("/api/v1/projects/" + project + "/members/" + member, Map.of("role", role, "team", team));
    }

    private void assertStuckAfter(Approval request, boolean expected, Runnable change) {
        change.run();
        assertThat(stuck(request)).isEqualTo(expected);
    }

    private boolean stuck(Approval request) {
        return approvals.get(request.id()).stuckReason().isPresent();
    }

    /** @return the status of what another transaction does while this one waits for it */
    private static int finishes(Supplier<Client.Answer> change) {
        return CompletableFuture.supplyAsync(change)
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .status();
    }

    /** Waits until another transaction waits for the one of this thread, or needs not to. */
    private void awaitWaitingOrDone(CompletableFuture<?> other) {
        int self = jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
        await().until(() -> other.isDone()
                || jdbc.sql("select count(*) from pg_locks where not granted and ? = any (pg_blocking_pids(pid))")
                                .param(self)
                                .query(Integer.class)
                                .single()
                        > 0);
    }
}
