package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.kind.RequestKind;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The matrix of docs/approvals.md, checked against the running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionMatrixTest extends ServerTest {

    private Gateway gateway;
    private String activeRoute;

    @BeforeAll
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
        activeRoute = gateway.activeRoute("checkout");
    }

    @ParameterizedTest(name = "{0}: viewer {1}, editor {2}, approver {3}, admin {4}, owner {5}")
    @CsvSource(
            useHeadersInDisplayName = false,
            value = {
                "SUBMIT_ROUTE_CHANGE,        no, yes, no,  yes, yes",
                "APPROVE_ROUTE,              no, no,  yes, yes, yes",
                "APPROVE_OWN_ROUTE,          no, no,  no,  no,  no",
                "DEPLOY_APPROVED_ROUTE,      no, yes, yes, yes, yes",
                "SUBMIT_ATTACHMENT,          no, yes, no,  yes, yes",
                "APPROVE_ATTACHMENT,         no, no,  yes, yes, yes",
                "APPROVE_OWN_ATTACHMENT,     no, no,  no,  no,  no",
            })
    void role_may_do_what_the_matrix_says(
            Action action, String viewer, String editor, String approver, String admin, String owner) {
        Map<ProjectRole, String> expected = Map.of(
                ProjectRole.VIEWER, viewer,
                ProjectRole.EDITOR, editor,
                ProjectRole.APPROVER, approver,
                ProjectRole.ADMIN, admin,
                ProjectRole.OWNER, owner);
        for (ProjectRole role : ProjectRole.values()) {
            String person = given.member(gateway.project, role, "payments");
            Client.Answer answer = switch (action) {
                case SUBMIT_ROUTE_CHANGE -> submitRouteChange(person);
                case APPROVE_ROUTE -> gateway.decide(person, routeRequest(), "approve", Map.of());
                case APPROVE_OWN_ROUTE -> approveOwn(person, new RouteRequests());
                case DEPLOY_APPROVED_ROUTE -> deployApproved(person);
                case SUBMIT_ATTACHMENT -> submitAttachment(person);
                case APPROVE_ATTACHMENT -> gateway.decide(person, attachmentRequest(), "approve", Map.of());
                case APPROVE_OWN_ATTACHMENT -> approveOwn(person, new AttachmentRequests());
            };
            boolean allowed = answer.status() / 100 == 2;
            assertThat(allowed ? "yes" : "no")
                    .as("%s as %s: %d %s", action, role, answer.status(), answer.text())
                    .isEqualTo(expected.get(role));
            if (!allowed) {
                answer.expect(403);
            }
        }
    }

    enum Action {
        SUBMIT_ROUTE_CHANGE,
        APPROVE_ROUTE,
        APPROVE_OWN_ROUTE,
        DEPLOY_APPROVED_ROUTE,
        SUBMIT_ATTACHMENT,
        APPROVE_ATTACHMENT,
        APPROVE_OWN_ATTACHMENT
    }

    /** All three kinds of route change are allowed alike; the answer is that to the creation. */
    private Client.Answer submitRouteChange(String person) {
        Client.Answer create = gateway.post(person, "/domains/shop/routes", Gateway.route(given.unique("route")));
        Client.Answer update = gateway.put(person, "/routes/" + activeRoute, Gateway.route("checkout"));
        if (update.status() == 202) {
            gateway.cancel(person, Gateway.submitted(update)).expect(200);
        }
        Client.Answer delete = gateway.delete(person, "/routes/" + activeRoute);
        if (delete.status() == 202) {
            gateway.cancel(person, Gateway.submitted(delete)).expect(200);
        }
        assertThat(update.status()).isEqualTo(create.status());
        assertThat(delete.status()).isEqualTo(create.status());
        return create;
    }

    private Submitted routeRequest() {
        return gateway.submitRoute(gateway.editor, given.unique("route"));
    }

    private Client.Answer deployApproved(String person) {
        Submitted request = routeRequest();
        gateway.approve(gateway.approver, request);
        return gateway.post(person, "/routes/" + request.id() + "/deploy", null);
    }

    private Client.Answer submitAttachment(String person) {
        String client = gateway.client(gateway.paymentsEditor, given.unique("client"), "payments");
        return gateway.post(person, "/attachments", Map.of("route_id", activeRoute, "client_id", client));
    }

    private Submitted attachmentRequest() {
        String client = gateway.client(gateway.paymentsEditor, given.unique("client"), "payments");
        return gateway.submitAttachment(gateway.editor, activeRoute, client);
    }

    /** Whoever could not submit over REST submits all the same here. */
    private Client.Answer approveOwn(String person, RequestKind kind) {
        Approval own = given.request(kind.type(), Scope.project(gateway.project), person, kind.defaultPolicy());
        return gateway.decide(person, new Submitted(own.entityId(), own.id().toString()), "approve", Map.of());
    }
}
