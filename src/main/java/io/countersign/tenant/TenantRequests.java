package io.countersign.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.kind.Consequence;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Orchestrators' requests to register a tenant. */
@Component
@Order(40)
public final class TenantRequests implements RequestKind {

    /** The name of the tenant type in the database, in paths and in JSON. */
    public static final EntityType TYPE = new EntityType("tenant");

    @Override
    public EntityType type() {
        return TYPE;
    }

    @Override
    public Scope.Type scopeType() {
        return Scope.Type.PLATFORM;
    }

    @Override
    public String resource() {
        return "POST /api/v1/tenants";
    }

    /** None: there is only one action, so the general policy is its policy. */
    @Override
    public List<String> actions() {
        return List.of();
    }

    @Override
    public Policy defaultPolicy() {
        return Policy.singleStage(Permission.TENANT_APPROVE);
    }

    @Override
    public List<Permission> deciding() {
        return List.of(Permission.TENANT_APPROVE);
    }

    @Override
    public boolean mayLapse() {
        return false;
    }

    @Override
    public Topic topic() {
        return Topic.SYSTEM_EVENTS;
    }

    @Override
    public Consequence consequence() {
        return Consequence.CARRIED_OUT_AT_ONCE;
    }

    @Override
    public Optional<String> page(Scope scope, String id, String name) {
        return Optional.of("/tenants/" + id);
    }

    @Override
    public String summary(JsonNode content) {
        return content.path("name").asText();
    }
}
