package io.countersign.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.ServerTest;
import java.util.Map;

/** A test with orchestrators that call the server as real ones do. */
public abstract class TenantTest extends ServerTest {

    /** An orchestrator and a client that calls with a token of its own. */
    public record Caller(String id, String clientId, String secret, Client client) {

        Client.Answer register(String tenantId) {
            return client.post(
                    "/api/v1/tenants",
                    Map.of("tenant_id", tenantId, "name", "Tenant " + tenantId, "contact_email", "ops@example.com"));
        }

        /** Registers a tenant that the caller has not registered before. */
        Registered registered(String tenantId) {
            return new Registered(register(tenantId).expect(201).at("/id"), tenantId);
        }

        JsonNode sync() {
            return client.get("/api/v1/sync/features").expect(200).json();
        }

        /** What the sync says of one tenant. */
        JsonNode synced(String tenantId) {
            for (JsonNode tenant : sync().get("tenants")) {
                if (tenant.get("tenant_id").asText().equals(tenantId)) {
                    return tenant;
                }
            }
            throw new AssertionError("Not in the sync: " + tenantId);
        }
    }

    public record Registered(String id, String tenantId) {

        String path() {
            return "/api/v1/tenants/" + id;
        }
    }

    /** A new orchestrator whose tenants need approval. */
    Caller orchestrator() {
        return orchestrator(true);
    }

    Caller orchestrator(boolean approvalRequired) {
        Client.Answer provisioned = as("superadmin")
                .post(
                        "/api/v1/orchestrators",
                        Map.of(
                                "name",
                                given.unique("Orchestrator"),
                                "contact_email",
                                "orchestrator@example.com",
                                "approval_required",
                                approvalRequired))
                .expect(201);
        String clientId = provisioned.at("/client_id");
        String secret = provisioned.at("/client_secret");
        return new Caller(provisioned.at("/id"), clientId, secret, asOrchestrator(clientId, secret));
    }

    /** Does what a superadmin does on the tenant's page. */
    Client.Answer act(Registered tenant, TenantEvent event) {
        return as("superadmin").post(tenant.path() + "/" + event.wireName(), Map.of());
    }

    String status(Registered tenant) {
        return as("superadmin").get(tenant.path()).expect(200).at("/status");
    }

    /** A new tenant that went through the lifecycle to a status. */
    Registered tenant(Caller orchestrator, TenantStatus status) {
        Registered tenant = orchestrator.registered(given.unique("t"));
        switch (status) {
            case PENDING_APPROVAL -> {}
            case ACTIVE -> act(tenant, TenantEvent.APPROVE).expect(200);
            case REJECTED -> act(tenant, TenantEvent.REJECT).expect(200);
            case SUSPENDED -> {
                act(tenant, TenantEvent.APPROVE).expect(200);
                act(tenant, TenantEvent.SUSPEND).expect(200);
            }
        }
        return tenant;
    }
}
