package io.countersign.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.Client;
import io.countersign.ServerTest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** A test with orchestrators that call the server as real ones do. */
abstract class TenantTest extends ServerTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** An orchestrator and a client that calls with a token of its own. */
    record Caller(String id, String clientId, String secret, Client client) {

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

    record Registered(String id, String tenantId) {

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
        return new Caller(provisioned.at("/id"), clientId, secret, withToken(token(clientId, secret)));
    }

    static String token(String clientId, String secret) {
        HttpResponse<String> answer = askForToken(clientId, secret);
        if (answer.statusCode() != 200) {
            throw new AssertionError("No token: " + answer.statusCode() + " " + answer.body());
        }
        try {
            return new ObjectMapper()
                    .readTree(answer.body())
                    .get("access_token")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks the token endpoint as RFC 6749 says, with the secret in the Authorization header. */
    static HttpResponse<String> askForToken(String clientId, String secret) {
        String credentials = encode(clientId) + ":" + encode(secret);
        HttpRequest request = HttpRequest.newBuilder(URI.create(server() + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
