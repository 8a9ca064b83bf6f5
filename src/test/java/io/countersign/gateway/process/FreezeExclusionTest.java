package io.countersign.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.job;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.managementService;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;

import io.countersign.HeldTarget;
import io.countersign.HeldTarget.Stop;
import io.countersign.ProcessTest;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.Domains;
import io.countersign.gateway.Route;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.Routes;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.camunda.bpm.engine.ManagementService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A freeze window that is set while a deployment is in the middle of writing its objects. */
class FreezeExclusionTest extends ProcessTest {

    @Autowired
    private Domains domains;

    @Autowired
    private Routes routes;

    @Autowired
    private Deployments deployments;

    @Autowired
    private Freezes freezes;

    @Autowired
    private HeldTarget target;

    @Autowired
    private JdbcClient jdbc;

    private UserId owner;
    private Scope scope;
    private Stop stop;
    private CompletableFuture<Void> deployment;

    @BeforeEach
    void deployment_that_stands_still_between_its_objects() {
        owner = new UserId(given.person("owner"));
        String project = given.project(owner.value());
        scope = Scope.project(project);
        UserId editor = new UserId(given.member(project, ProjectRole.EDITOR, "web"));
        domains.create(editor, project, "shop", project + ".example.com");
        Route route = as(
                editor.value(),
                () -> routes.create(
                        editor,
                        project,
                        "shop",
                        new RouteDraft(
                                "cart",
                                "/cart",
                                null,
                                List.of("GET"),
                                new Backend("cart", 8080, null),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)));
        approve(given.member(project, ProjectRole.APPROVER, "web"), route.approval());
        as(editor.value(), () -> deployments.deploy(editor, project, route.id().toString()));
        String apply = job(processInstanceQuery()
                        .processDefinitionKey("carry-out")
                        .variableValueEquals("subject", route.id().toString())
                        .singleResult())
                .getId();
        ManagementService management = managementService();
        stop = target.stopAt("HTTPRoute");
        deployment = CompletableFuture.runAsync(() -> management.executeJob(apply));
        stop.awaitReached();
    }

    @AfterEach
    void go_on() {
        stop.goOn();
    }

    @Test
    void is_set_once_the_deployment_is_done_and_nothing_is_written_after_it() {
        CompletableFuture<Integer> writesWhenSet = CompletableFuture.supplyAsync(() -> {
            freeze();
            return target.writes();
        });
        await().until(this::somebodyWaitsForTheDeployment);
        assertThat(writesWhenSet).isNotDone();

        stop.goOn();

        int writes = writesWhenSet.join();
        deployment.join();
        assertThat(target.writes()).isEqualTo(writes);
    }

    @Test
    void is_not_set_if_the_deployment_takes_too_long() {
        assertThatThrownBy(this::freeze)
                .isInstanceOfSatisfying(
                        Conflict.class, conflict -> assertThat(conflict.code()).isEqualTo(ErrorCode.TARGET_BUSY))
                .hasMessageContaining("Try again");

        stop.goOn();
        deployment.join();
        assertThat(freezes.in(owner, scope, PageRequest.of(null, null)).items()).isEmpty();
        freeze();
    }

    @Test
    void of_another_scope_is_set_meanwhile() {
        String other = given.project(owner.value());

        Freeze freeze =
                freezes.add(owner, Scope.project(other), null, Instant.now().plusSeconds(60), "Sale");

        assertThat(freeze.scope().id()).isEqualTo(other);
        stop.goOn();
        deployment.join();
    }

    private Freeze freeze() {
        return freezes.add(owner, scope, null, Instant.now().plusSeconds(3600), "Sale");
    }

    private boolean somebodyWaitsForTheDeployment() {
        return jdbc.sql("select exists (select 1 from pg_locks where locktype = 'advisory' and not granted)")
                .query(Boolean.class)
                .single();
    }
}
