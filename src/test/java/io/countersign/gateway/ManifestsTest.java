package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.gateway.RouteSpec.Access;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteSpec.Header;
import io.countersign.gateway.RouteSpec.PathMatch;
import io.countersign.gateway.RouteSpec.RateLimit;
import io.countersign.gateway.RouteSpec.Rewrite;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ManifestsTest {

    /** The custom resource definition of Gateway API's HTTPRoute. */
    private static final Path DEFINITION = Path.of("src/test/resources/crds/httproutes.yaml");

    private static final UUID APPROVAL = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final RouteSpec PLAIN = new RouteSpec(
            "cart",
            "shop",
            "shop.example.com",
            "/cart",
            PathMatch.PREFIX,
            List.of("GET"),
            new Backend("cart", 8080, null),
            List.of(),
            null,
            null,
            null,
            Access.CLIENTS,
            false);
    private static final RouteSpec RICH = new RouteSpec(
            "cart",
            "shop",
            "shop.example.com",
            "/cart",
            PathMatch.EXACT,
            List.of("GET", "POST"),
            new Backend("cart", 8080, "backends"),
            List.of(new Header("x-tier", "gold")),
            new Rewrite("/v2/cart", "internal.example.com"),
            30,
            new RateLimit(100, RateLimit.Unit.MINUTE),
            Access.CLIENTS,
            false);

    private final Manifests manifests = new Manifests(
            new GatewayProperties("gateways/public", "x-api-key", true, Duration.ofSeconds(10)),
            scope -> scope.id() + "-bound");

    @Test
    void route_is_rendered_as_http_route() {
        assertThat(Serialization.asYaml(manifests.httpRoute(route(PLAIN), PLAIN)))
                .isEqualTo("""
                        ---
                        apiVersion: "gateway.networking.k8s.io/v1"
                        kind: "HTTPRoute"
                        metadata:
                          labels:
                            app.kubernetes.io/managed-by: "countersign"
                            countersign.io/project: "storefront"
                            countersign.io/domain: "shop"
                            countersign.io/route: "cart"
                            countersign.io/approval: "00000000-0000-0000-0000-000000000001"
                          name: "shop.cart"
                          namespace: "storefront-bound"
                        spec:
                          hostnames:
                          - "shop.example.com"
                          parentRefs:
                          - kind: "Gateway"
                            group: "gateway.networking.k8s.io"
                            name: "public"
                            namespace: "gateways"
                          rules:
                          - backendRefs:
                            - kind: "Service"
                              group: ""
                              name: "cart"
                              port: 8080
                            matches:
                            - method: "GET"
                              path:
                                type: "PathPrefix"
                                value: "/cart"
                        """);
    }

    @Test
    void every_part_of_a_route_is_in_the_typed_model() {
        HTTPRoute rendered = manifests.httpRoute(route(RICH), RICH);
        HTTPRoute read = Serialization.unmarshal(Serialization.asYaml(rendered), HTTPRoute.class);

        assertThat(read).isEqualTo(rendered);
        var rule = read.getSpec().getRules().get(0);
        assertThat(rule.getMatches()).extracting(match -> match.getMethod()).containsExactly("GET", "POST");
        assertThat(rule.getMatches()).allSatisfy(match -> {
            assertThat(match.getPath().getType()).isEqualTo("Exact");
            assertThat(match.getHeaders().get(0).getName()).isEqualTo("x-tier");
            assertThat(match.getHeaders().get(0).getValue()).isEqualTo("gold");
        });
        assertThat(rule.getFilters().get(0).getUrlRewrite().getPath().getReplaceFullPath())
                .isEqualTo("/v2/cart");
        assertThat(rule.getFilters().get(0).getUrlRewrite().getHostname()).isEqualTo("internal.example.com");
        assertThat(rule.getTimeouts().getRequest()).isEqualTo("30s");
        assertThat(rule.getBackendRefs().get(0).getNamespace()).isEqualTo("backends");
    }

    @Test
    void rendered_route_keeps_the_schema_of_gateway_api() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonSchema schema = schema(json);
        for (RouteSpec spec : List.of(PLAIN, RICH)) {
            JsonNode rendered = json.readTree(Serialization.asJson(manifests.httpRoute(route(spec), spec)));

            assertThat(schema.validate(rendered)).isEmpty();

            // The schema is one that refuses: a field of another name and a value out of range are found.
            assertThat(schema.validate(json.readTree(rendered.toString().replace("\"hostnames\"", "\"hosts\""))))
                    .isNotEmpty();
            assertThat(schema.validate(json.readTree(rendered.toString().replace("8080", "80808080"))))
                    .isNotEmpty();
        }
    }

    @Test
    void attached_clients_get_through_with_their_own_key_from_their_own_addresses() {
        ApiClient partner = client("partner", List.of("10.0.0.0/8", "2001:db8::/32"));
        ApiClient anywhere = client("anywhere", List.of());

        assertThat(Serialization.asYaml(manifests
                        .securityPolicy(route(PLAIN), PLAIN, List.of(partner, anywhere))
                        .orElseThrow()))
                .endsWith("""
                        spec:
                          targetRefs:
                          - group: "gateway.networking.k8s.io"
                            kind: "HTTPRoute"
                            name: "shop.cart"
                          apiKeyAuth:
                            credentialRefs:
                            - group: ""
                              kind: "Secret"
                              name: "client.partner.00000000"
                            - group: ""
                              kind: "Secret"
                              name: "client.anywhere.00000000"
                            extractFrom:
                            - headers:
                              - "x-api-key"
                            forwardClientIDHeader: "x-countersign-client"
                            sanitize: true
                          authorization:
                            defaultAction: "Deny"
                            rules:
                            - name: "partner"
                              action: "Allow"
                              principal:
                                headers:
                                - name: "x-countersign-client"
                                  values:
                                  - "partner"
                                clientCIDRs:
                                - "10.0.0.0/8"
                                - "2001:db8::/32"
                            - name: "anywhere"
                              action: "Allow"
                              principal:
                                headers:
                                - name: "x-countersign-client"
                                  values:
                                  - "anywhere"
                        """);
    }

    @Test
    void route_without_clients_admits_nobody_and_a_public_one_anybody() {
        assertThat(Serialization.asYaml(
                        manifests.securityPolicy(route(PLAIN), PLAIN, List.of()).orElseThrow()))
                .endsWith("""
                          authorization:
                            defaultAction: "Deny"
                        """);
        RouteSpec open = new RouteSpec(
                "cart",
                "shop",
                "shop.example.com",
                "/cart",
                PathMatch.PREFIX,
                List.of(),
                new Backend("cart", 8080, null),
                List.of(),
                null,
                null,
                null,
                Access.PUBLIC,
                false);
        assertThat(manifests.securityPolicy(route(open), open, List.of())).isEmpty();
    }

    @Test
    void rate_limit_is_rendered_as_traffic_policy() {
        assertThat(Serialization.asYaml(
                        manifests.trafficPolicy(route(RICH), RICH).orElseThrow()))
                .contains("kind: \"BackendTrafficPolicy\"", "requests: 100", "unit: \"Minute\"", "type: \"Local\"");
        assertThat(manifests.trafficPolicy(route(PLAIN), PLAIN)).isEmpty();
    }

    @Test
    void key_is_in_the_secret_under_the_clients_name() {
        var secret = manifests.keySecret(client("partner", List.of()), "the-key");

        assertThat(secret.getMetadata().getName()).isEqualTo("client.partner.00000000");
        assertThat(secret.getData()).containsOnlyKeys("partner");
        assertThat(new String(
                        java.util.Base64.getDecoder().decode(secret.getData().get("partner"))))
                .isEqualTo("the-key");
    }

    /** Reads the definition's schema; Kubernetes prunes unknown fields, so here they are refused. */
    private static JsonSchema schema(ObjectMapper json) throws IOException {
        JsonNode definition = new YAMLMapper().readTree(DEFINITION.toFile());
        for (JsonNode version : definition.at("/spec/versions")) {
            if (version.path("name").asText().equals("v1")) {
                ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
                refuseUnknownFields(schema);
                ((ObjectNode) schema.get("properties")).putObject("metadata");
                return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
            }
        }
        throw new AssertionError("No version v1 in " + DEFINITION);
    }

    private static void refuseUnknownFields(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.has("properties")
                && object.path("type").asText().equals("object")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ManifestsTest::refuseUnknownFields);
    }

    private static ApiClient client(String name, List<String> addresses) {
        return new ApiClient(
                new UUID(0, 1),
                "storefront",
                name,
                new TeamId("payments"),
                addresses,
                Instant.EPOCH,
                false,
                new UserId("pia"),
                Instant.EPOCH);
    }

    private static Route route(RouteSpec spec) {
        return new Route(
                new UUID(0, 2),
                "storefront",
                "shop",
                "cart",
                RouteStatus.PENDING_DEPLOY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                        new Route.Request(Route.Action.CREATE, CanonicalJson.write(spec), new ApprovalId(APPROVAL))),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                new UserId("wanda"),
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
