package io.countersign.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.kind.Consequence;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.wording.Wording;
import io.countersign.audit.AuditAction;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Requests to create, update or delete a route. */
@Component
@Order(10)
public final class RouteRequests implements RequestKind {

    /** The name for routes in the database, in paths and in JSON. */
    public static final EntityType TYPE = new EntityType("route");

    @Override
    public EntityType type() {
        return TYPE;
    }

    @Override
    public Scope.Type scopeType() {
        return Scope.Type.PROJECT;
    }

    @Override
    public String resource() {
        return "POST /api/v1/projects/{project}/domains/{domain}/routes";
    }

    @Override
    public List<String> actions() {
        return List.of("create", "update", "delete");
    }

    @Override
    public Policy defaultPolicy() {
        return Policy.singleStage(Permission.ROUTE_APPROVE);
    }

    @Override
    public List<Permission> deciding() {
        return List.of(Permission.ROUTE_APPROVE, Permission.CLIENT_APPROVE);
    }

    @Override
    public Topic topic() {
        return Topic.APPLICATION_PIPELINE;
    }

    @Override
    public Map<AuditAction, End> ends() {
        return Map.of(
                AuditAction.ACTIVATE,
                End.SUCCEEDED,
                AuditAction.REMOVE,
                End.SUCCEEDED,
                AuditAction.DEPLOY_FAILED,
                End.FAILED);
    }

    @Override
    public Consequence consequence() {
        return new Consequence(
                "If you approve, somebody may deploy it.",
                "It can be deployed now.",
                "waits for somebody to deploy it");
    }

    @Override
    public Optional<String> page(Scope scope, String id, String name) {
        return Optional.of("/projects/" + scope.id() + "/routes/" + id);
    }

    @Override
    public String summary(JsonNode content) {
        return (content.path("methods").isEmpty() ? "" : Wording.text(content.path("methods")) + " ")
                + content.path("host").asText() + content.path("path").asText() + " → "
                + content.at("/backend/service").asText() + ":"
                + content.at("/backend/port").asText()
                + ("public".equals(content.path("access").asText()) ? ", for anyone" : "");
    }
}
