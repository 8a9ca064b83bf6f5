package io.countersign.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.kind.Consequence;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.Topic;
import io.countersign.audit.AuditAction;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Requests to create, update or delete a cluster. */
@Component
@Order(30)
public final class ClusterRequests implements RequestKind {

    /** The name for clusters in the database, in paths and in JSON. */
    public static final EntityType TYPE = new EntityType("cluster");

    @Override
    public EntityType type() {
        return TYPE;
    }

    @Override
    public Scope.Type scopeType() {
        return Scope.Type.ORGANIZATION;
    }

    @Override
    public String resource() {
        return "POST /api/v1/orgs/{org}/clusters";
    }

    @Override
    public List<String> actions() {
        return List.of("create", "update", "delete");
    }

    @Override
    public Policy defaultPolicy() {
        return Policy.singleStage(Permission.CLUSTER_APPROVE);
    }

    /** Updating and deleting a cluster needs no approval by default. */
    @Override
    public Set<String> freeActions() {
        return Set.of("update", "delete");
    }

    @Override
    public List<Permission> deciding() {
        return List.of(Permission.CLUSTER_APPROVE);
    }

    @Override
    public boolean exemptsOwners() {
        return true;
    }

    @Override
    public Topic topic() {
        return Topic.CLUSTER_PIPELINE;
    }

    @Override
    public Map<AuditAction, End> ends() {
        return Map.of(
                AuditAction.RUNNING, End.SUCCEEDED, AuditAction.DELETED, End.SUCCEEDED, AuditAction.FAIL, End.FAILED);
    }

    @Override
    public Consequence consequence() {
        return Consequence.CARRIED_OUT_AT_ONCE;
    }

    @Override
    public Optional<String> page(Scope scope, String id, String name) {
        return Optional.of("/orgs/" + scope.id() + "/clusters/" + name);
    }

    @Override
    public String summary(JsonNode content) {
        int groups = content.path("node_groups").size();
        return content.path("provider").asText() + " " + content.path("region").asText() + ", Kubernetes "
                + content.path("kubernetes_version").asText() + ", " + groups
                + (groups == 1 ? " node group" : " node groups");
    }
}
