package io.countersign.gateway;

import io.countersign.gateway.RouteSpec.Access;
import io.countersign.gateway.RouteSpec.PathMatch;
import io.countersign.identity.Scope;
import io.countersign.identity.namespace.NamespaceBinding;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.ObjectRef;
import io.countersign.target.Owner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPHeaderMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPHeaderMatchBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPPathMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPPathMatchBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPPathModifier;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPPathModifierBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilter;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilterBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteMatchBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRuleBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Renders a route as Gateway API's {@code HTTPRoute} and what Envoy Gateway needs to enforce its access rules:
 * {@code SecurityPolicy}, {@code BackendTrafficPolicy} and the clients' key Secrets. The same route always renders to
 * the same objects.
 */
@Component
class Manifests {

    private static final String HTTP_ROUTE_API = "gateway.networking.k8s.io/v1";
    private static final String ENVOY_API = "gateway.envoyproxy.io/v1alpha1";
    private static final String HTTP_ROUTE = "HTTPRoute";
    private static final String SECURITY_POLICY = "SecurityPolicy";
    private static final String TRAFFIC_POLICY = "BackendTrafficPolicy";

    /** Tells the backend which client is calling; Envoy sets it after recognising the client's key. */
    private static final String CLIENT_HEADER = "x-countersign-client";

    private final GatewayProperties properties;
    private final NamespaceBinding namespaces;

    Manifests(GatewayProperties properties, NamespaceBinding namespaces) {
        this.properties = properties;
        this.namespaces = namespaces;
    }

    /** @return the namespace of a project; empty if someone else creates it */
    Optional<Namespace> namespace(String project) {
        if (!properties.createNamespace()) {
            return Optional.empty();
        }
        return Optional.of(new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespaceOf(project))
                .withLabels(Owner.project(project).labels())
                .endMetadata()
                .build());
    }

    /** @return the question whether a project's namespace may be used */
    Question namespaceQuestion(String project) {
        return namespace(project)
                .map(namespace -> Question.apply(namespace, false))
                .orElseGet(() -> Question.namespace(namespaceRef(project)));
    }

    /** @return the questions whether the target would refuse the objects of a requested route */
    List<Question> claims(String project, String domain, String name, RouteDraft draft) {
        return claims(
                project,
                name(domain, name),
                !Access.PUBLIC.wireName().equals(draft.access()),
                draft.rateLimit() != null,
                draft.takesOver());
    }

    /** @return the questions whether the target would refuse the objects of a route that is about to be written */
    List<Question> claims(Route route, RouteSpec spec) {
        return claims(
                route.project(),
                name(route),
                spec.access() != Access.PUBLIC,
                spec.rateLimit() != null,
                route.adopting());
    }

    private List<Question> claims(String project, String name, boolean guarded, boolean limited, boolean adopt) {
        Owner owner = Owner.project(project);
        String place = namespaceOf(project);
        ObjectRef namespace = ObjectRef.namespace(place, owner);
        List<Question> questions = new ArrayList<>();
        questions.add(properties.createNamespace() ? Question.claim(namespace, false) : Question.namespace(namespace));
        Stream.of(HTTP_ROUTE, SECURITY_POLICY, TRAFFIC_POLICY)
                .filter(kind -> !kind.equals(SECURITY_POLICY) || guarded)
                .filter(kind -> !kind.equals(TRAFFIC_POLICY) || limited)
                .map(kind -> new ObjectRef(apiOf(kind), kind, Optional.of(place), name, owner))
                .map(ref -> Question.claim(ref, adopt))
                .forEach(questions::add);
        return questions;
    }

    private ObjectRef namespaceRef(String project) {
        return ObjectRef.namespace(namespaceOf(project), Owner.project(project));
    }

    /** @return the Secret that holds a client's key, in the form that Envoy Gateway reads: client name to key */
    Secret keySecret(ApiClient client, String key) {
        Map<String, String> labels = Owner.project(client.project()).labels();
        labels.put("countersign.io/client", client.name());
        return new SecretBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(secretName(client))
                        .withNamespace(namespaceOf(client.project()))
                        .withLabels(labels)
                        .build())
                .withType("Opaque")
                .withData(
                        Map.of(client.name(), Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    /** @return the name of a client's Secret */
    ObjectRef keySecretRef(ApiClient client) {
        return ref("v1", "Secret", client.project(), secretName(client));
    }

    /** @return the names of all objects that a route may have, starting with the one that accepts traffic */
    List<ObjectRef> refs(Route route) {
        return List.of(routeRef(route), securityPolicyRef(route), trafficPolicyRef(route));
    }

    /** @return the name of a route's {@code HTTPRoute} */
    ObjectRef routeRef(Route route) {
        return ref(HTTP_ROUTE, route);
    }

    /** @return the name of a route's {@code SecurityPolicy} */
    ObjectRef securityPolicyRef(Route route) {
        return ref(SECURITY_POLICY, route);
    }

    /** @return the name of a route's {@code BackendTrafficPolicy} */
    ObjectRef trafficPolicyRef(Route route) {
        return ref(TRAFFIC_POLICY, route);
    }

    /** @return the {@code HTTPRoute} of a released route */
    HTTPRoute httpRoute(Route route, RouteSpec spec) {
        return new HTTPRouteBuilder()
                .withMetadata(metadata(route))
                .withNewSpec()
                .addNewParentRef()
                .withGroup("gateway.networking.k8s.io")
                .withKind("Gateway")
                .withName(properties.parentName())
                .withNamespace(properties.parentNamespace().orElse(null))
                .endParentRef()
                .withHostnames(spec.host())
                .withRules(rule(spec))
                .endSpec()
                .build();
    }

    /**
     * Admits only attached clients, each with its own key and from its own addresses: a route without attached clients
     * admits no one.
     *
     * @param clients who may call
     * @return the {@code SecurityPolicy}; empty for a public route
     */
    Optional<HasMetadata> securityPolicy(Route route, RouteSpec spec, List<ApiClient> clients) {
        if (spec.access() == Access.PUBLIC) {
            return Optional.empty();
        }
        Map<String, Object> policy = ordered("targetRefs", List.of(target(route)));
        if (!clients.isEmpty()) {
            policy.put(
                    "apiKeyAuth",
                    ordered(
                            "credentialRefs",
                            clients.stream()
                                    .map(client -> ordered("group", "", "kind", "Secret", "name", secretName(client)))
                                    .toList(),
                            "extractFrom",
                            List.of(ordered("headers", List.of(properties.apiKeyHeader()))),
                            "forwardClientIDHeader",
                            CLIENT_HEADER,
                            "sanitize",
                            true));
        }
        Map<String, Object> authorization = ordered("defaultAction", "Deny");
        if (!clients.isEmpty()) {
            authorization.put("rules", clients.stream().map(Manifests::admit).toList());
        }
        policy.put("authorization", authorization);
        return Optional.of(envoyObject(route, SECURITY_POLICY, policy));
    }

    /** @return the {@code BackendTrafficPolicy}; empty for a route without a rate limit */
    Optional<HasMetadata> trafficPolicy(Route route, RouteSpec spec) {
        return Optional.ofNullable(spec.rateLimit())
                .map(limit -> envoyObject(
                        route,
                        TRAFFIC_POLICY,
                        ordered(
                                "targetRefs",
                                List.of(target(route)),
                                "rateLimit",
                                ordered(
                                        "type",
                                        "Local",
                                        "local",
                                        ordered(
                                                "rules",
                                                List.of(ordered(
                                                        "limit",
                                                        ordered(
                                                                "requests",
                                                                limit.requests(),
                                                                "unit",
                                                                capitalized(limit.unit()
                                                                        .wireName())))))))));
    }

    /** Admits one client by its key and addresses. Envoy, not the caller, sets the header from the key. */
    private static Map<String, Object> admit(ApiClient client) {
        Map<String, Object> principal =
                ordered("headers", List.of(ordered("name", CLIENT_HEADER, "values", List.of(client.name()))));
        if (!client.ipAddresses().isEmpty()) {
            principal.put("clientCIDRs", client.ipAddresses());
        }
        return ordered("name", client.name(), "action", "Allow", "principal", principal);
    }

    private static HTTPRouteRule rule(RouteSpec spec) {
        HTTPRouteRuleBuilder rule = new HTTPRouteRuleBuilder()
                .withMatches(matches(spec))
                .addNewBackendRef()
                .withGroup("")
                .withKind("Service")
                .withName(spec.backend().service())
                .withNamespace(spec.backend().namespace())
                .withPort(spec.backend().port())
                .endBackendRef();
        if (spec.rewrite() != null) {
            rule.withFilters(rewrite(spec));
        }
        if (spec.timeoutSeconds() != null) {
            rule.withNewTimeouts().withRequest(spec.timeoutSeconds() + "s").endTimeouts();
        }
        return rule.build();
    }

    private static List<HTTPRouteMatch> matches(RouteSpec spec) {
        HTTPPathMatch path = new HTTPPathMatchBuilder()
                .withType(spec.pathMatch() == PathMatch.EXACT ? "Exact" : "PathPrefix")
                .withValue(spec.path())
                .build();
        List<HTTPHeaderMatch> headers = spec.headers().stream()
                .map(header -> new HTTPHeaderMatchBuilder()
                        .withType("Exact")
                        .withName(header.name())
                        .withValue(header.value())
                        .build())
                .toList();
        List<String> methods = new ArrayList<>(spec.methods());
        if (methods.isEmpty()) {
            methods.add(null);
        }
        return methods.stream()
                .map(method -> new HTTPRouteMatchBuilder()
                        .withPath(path)
                        .withHeaders(headers)
                        .withMethod(method)
                        .build())
                .toList();
    }

    private static HTTPRouteFilter rewrite(RouteSpec spec) {
        HTTPPathModifier path = spec.rewrite().path() == null
                ? null
                : spec.pathMatch() == PathMatch.EXACT
                        ? new HTTPPathModifierBuilder()
                                .withType("ReplaceFullPath")
                                .withReplaceFullPath(spec.rewrite().path())
                                .build()
                        : new HTTPPathModifierBuilder()
                                .withType("ReplacePrefixMatch")
                                .withReplacePrefixMatch(spec.rewrite().path())
                                .build();
        return new HTTPRouteFilterBuilder()
                .withType("URLRewrite")
                .withNewUrlRewrite()
                .withHostname(spec.rewrite().host())
                .withPath(path)
                .endUrlRewrite()
                .build();
    }

    private GenericKubernetesResource envoyObject(Route route, String kind, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(ENVOY_API);
        object.setKind(kind);
        object.setMetadata(metadata(route));
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    private ObjectMeta metadata(Route route) {
        Map<String, String> labels = Owner.project(route.project()).labels();
        labels.put("countersign.io/domain", route.domain());
        labels.put("countersign.io/route", route.name());
        labels.put(
                "countersign.io/approval",
                route.released().orElseThrow().approval().toString());
        return new ObjectMetaBuilder()
                .withName(name(route))
                .withNamespace(namespaceOf(route.project()))
                .withLabels(labels)
                .build();
    }

    private String namespaceOf(String project) {
        return namespaces.of(Scope.project(project));
    }

    private ObjectRef ref(String kind, Route route) {
        return ref(apiOf(kind), kind, route.project(), name(route));
    }

    private static String apiOf(String kind) {
        return kind.equals(HTTP_ROUTE) ? HTTP_ROUTE_API : ENVOY_API;
    }

    private ObjectRef ref(String apiVersion, String kind, String project, String name) {
        return new ObjectRef(apiVersion, kind, Optional.of(namespaceOf(project)), name, Owner.project(project));
    }

    private static Map<String, Object> target(Route route) {
        return ordered("group", "gateway.networking.k8s.io", "kind", HTTP_ROUTE, "name", name(route));
    }

    /** Domain and route names have no dots, so no two routes of a project share a name here. */
    private static String name(Route route) {
        return name(route.domain(), route.name());
    }

    private static String name(String domain, String route) {
        return domain + "." + route;
    }

    /** Includes part of the id, since a name may be reused while its former client is still being removed. */
    private static String secretName(ApiClient client) {
        return "client." + client.name() + "." + client.id().toString().substring(0, 8);
    }

    private static String capitalized(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
