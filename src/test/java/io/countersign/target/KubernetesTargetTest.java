package io.countersign.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.problem.ErrorCode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.server.mock.crud.PostHandler;
import io.fabric8.kubernetes.client.server.mock.crud.PutHandler;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesTargetTest {

    private static final String API_VERSION = "cluster.x-k8s.io/v1beta2";
    private static final CustomResourceDefinitionContext CLUSTERS = new CustomResourceDefinitionContext.Builder()
            .withGroup("cluster.x-k8s.io")
            .withVersion("v1beta2")
            .withKind("Cluster")
            .withPlural("clusters")
            .withScope("Namespaced")
            .withStatusSubresource(true)
            .build();

    private static final Owner ACME = Owner.organization("acme");

    private final Dispatcher dispatcher = new Dispatcher();
    private KubernetesMockServer server;
    private NamespacedKubernetesClient client;
    private Target target;

    @BeforeEach
    void start() {
        server = new KubernetesMockServer(
                new Context(new ObjectMapper()), new MockWebServer(), new HashMap<>(), dispatcher, false);
        server.init();
        client = server.createClient();
        target = new KubernetesTarget(client, new TargetConfiguration().targetBreaker());
        namespace(ACME.labels());
    }

    @AfterEach
    void stop() {
        client.close();
        server.destroy();
    }

    @Test
    void preview_asks_the_server_and_changes_nothing() {
        target.apply(cluster("v1.31.0"));

        Comparison comparison = target.compare(cluster("v1.32.0"), false);

        assertThat(comparison.live())
                .hasValueSatisfying(yaml -> assertThat(yaml)
                        .contains("v1.31.0")
                        .doesNotContain("uid", "resourceVersion", "creationTimestamp", "managedFields"));
        assertThat(comparison.planned())
                .hasValueSatisfying(yaml -> assertThat(yaml).contains("v1.32.0").doesNotContain("uid"));
        assertThat(dispatcher.applied).hasSize(1);
        assertThat(target.compareRemoval(ref()).live()).isEqualTo(comparison.live());
    }

    @Test
    void preview_says_why_the_server_would_refuse() {
        dispatcher.refusal = "spec.topology.version: Invalid value";

        Comparison comparison = target.compare(cluster("v1.31.0"), false);

        assertThat(comparison.unknown())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("does not accept Cluster acme/prod-eu")
                        .contains("spec.topology.version: Invalid value"));
        assertThat(comparison.planned())
                .hasValueSatisfying(yaml -> assertThat(yaml).contains("v1.31.0"));
    }

    @Test
    void object_is_applied_by_the_server_as_our_field_manager_and_with_force_only_if_it_is_ours() {
        target.apply(cluster("v1.30.0"));
        target.apply(cluster("v1.31.0"));

        assertThat(dispatcher.applied)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request)
                        .contains("/apis/cluster.x-k8s.io/v1beta2/namespaces/acme/clusters/prod-eu?")
                        .contains("fieldManager=countersign"));
        assertThat(dispatcher.applied.get(0)).doesNotContain("force=true");
        assertThat(dispatcher.applied.get(1)).contains("force=true");
        assertThat(stored().getAdditionalProperties())
                .extractingByKey("spec")
                .asString()
                .contains("v1.31.0");
    }

    @Test
    void applying_twice_gives_one_object() {
        target.apply(cluster("v1.31.0"));
        target.apply(cluster("v1.32.0"));

        assertThat(clusters().list().getItems()).hasSize(1);
        assertThat(stored().getAdditionalProperties())
                .extractingByKey("spec")
                .asString()
                .contains("v1.32.0");
    }

    @Test
    void object_is_in_progress_until_its_controller_says_it_is_available() {
        target.apply(cluster("v1.31.0"));
        assertThat(target.progress(ref())).isEqualTo(new Progress.InProgress("its controller reports nothing yet"));

        status(Map.of(
                "observedGeneration",
                1,
                "phase",
                "Provisioning",
                "conditions",
                List.of(condition("Available", "False", 1, "Waiting for machines"))));
        assertThat(target.progress(ref()))
                .isEqualTo(new Progress.InProgress("Available is False (Because): Waiting for machines"));

        status(Map.of(
                "observedGeneration",
                1,
                "phase",
                "Provisioned",
                "conditions",
                List.of(condition("Available", "True", 1, ""))));
        assertThat(target.progress(ref())).isEqualTo(new Progress.Ready());
    }

    @Test
    void status_of_an_earlier_generation_says_nothing_about_an_update() {
        target.apply(cluster("v1.31.0"));
        status(Map.of(
                "observedGeneration",
                1,
                "phase",
                "Failed",
                "conditions",
                List.of(condition("Available", "True", 1, ""))));

        target.apply(cluster("v1.32.0"));
        assertThat(target.progress(ref()))
                .isEqualTo(new Progress.InProgress("its controller has not seen the change yet"));

        status(Map.of("observedGeneration", 2, "conditions", List.of(condition("Available", "True", 1, ""))));
        assertThat(target.progress(ref()))
                .isEqualTo(new Progress.InProgress("condition Available is of an earlier change"));

        status(Map.of(
                "observedGeneration",
                2,
                "conditions",
                List.of(
                        condition("Available", "True", 2, ""),
                        condition("TopologyReconciled", "False", 2, "upgrading to v1.32.0"))));
        assertThat(target.progress(ref()))
                .isEqualTo(new Progress.InProgress("TopologyReconciled is False (Because): upgrading to v1.32.0"));

        status(Map.of(
                "observedGeneration",
                2,
                "conditions",
                List.of(condition("Available", "True", 2, ""), condition("TopologyReconciled", "True", 2, ""))));
        assertThat(target.progress(ref())).isEqualTo(new Progress.Ready());
    }

    @Test
    void failed_phase_is_a_failure_with_the_controllers_words() {
        target.apply(cluster("v1.31.0"));

        status(Map.of(
                "observedGeneration",
                1,
                "phase",
                "Failed",
                "conditions",
                List.of(condition("Available", "False", 1, "quota exceeded"))));
        assertThat(target.progress(ref()))
                .isEqualTo(new Progress.Failed("Available is False (Because): quota exceeded"));

        status(Map.of("phase", "Failed", "failureMessage", "no such region"));
        assertThat(target.progress(ref())).isEqualTo(new Progress.Failed("no such region"));

        status(Map.of("conditions", List.of(condition("Failed", "True", 1, "credentials expired"))));
        assertThat(target.progress(ref())).isEqualTo(new Progress.Failed("credentials expired"));
    }

    @Test
    void object_with_a_finalizer_is_in_progress_until_it_is_gone() {
        GenericKubernetesResource object = cluster("v1.31.0");
        object.getMetadata().setFinalizers(new ArrayList<>(List.of("cluster.cluster.x-k8s.io")));
        target.apply(object);

        target.delete(ref());
        target.delete(ref());
        assertThat(target.progress(ref())).isEqualTo(new Progress.InProgress("it is being deleted"));

        client.genericKubernetesResources(CLUSTERS)
                .inNamespace("acme")
                .withName("prod-eu")
                .edit(found -> {
                    found.getMetadata().setFinalizers(List.of());
                    return found;
                });
        assertThat(target.progress(ref())).isEqualTo(new Progress.Absent());
    }

    @Test
    void deleted_object_is_absent_and_may_be_deleted_again() {
        target.apply(cluster("v1.31.0"));

        target.delete(ref());
        target.delete(ref());

        assertThat(target.progress(ref())).isEqualTo(new Progress.Absent());
    }

    @Test
    void failure_says_what_the_api_server_said() {
        dispatcher.refusal = "admission webhook denied the request: spec.topology.version is too new";

        assertThatThrownBy(() -> target.apply(cluster("v9.9.9")))
                .isInstanceOf(TargetFailure.class)
                .hasMessage("Kubernetes does not apply Cluster acme/prod-eu: "
                        + "admission webhook denied the request: spec.topology.version is too new");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | {}                                        | it does not accept Countersign's credentials.
            403 | {"message":"User \\"cs\\" cannot patch it"} | that is forbidden. It says: User "cs" cannot patch it
            404 | {"message":"the server could not find the requested resource"} \
            | it does not know the kind Cluster (cluster.x-k8s.io/v1beta2); its custom resource definition is not \
            installed there.
            404 | {"message":"namespaces \\"acme\\" not found","details":{"name":"acme","kind":"namespaces"}} \
            | it is gone, or what it belongs to. It says: namespaces "acme" not found
            500 | {"message":"failed calling webhook"}      | failed calling webhook
            502 | {}                                        | its API is not available now (502).
            507 | {}                                        | its API answers with the error 507.
            """)
    void failure_is_told_in_plain_words(int code, String status, String reason) {
        dispatcher.code = code;
        dispatcher.status = status;

        assertThatThrownBy(() -> target.apply(cluster("v1.31.0")))
                .isInstanceOf(TargetFailure.class)
                .hasMessage("Kubernetes does not apply Cluster acme/prod-eu: " + reason);
    }

    @Test
    void kind_that_the_server_does_not_know_is_said_to_be_missing() {
        ObjectRef unknown = new ObjectRef("example.com/v1", "Gadget", Optional.of("acme"), "one", ACME);

        assertThatThrownBy(() -> target.progress(unknown))
                .isInstanceOf(TargetFailure.class)
                .hasMessage("Kubernetes does not read Gadget acme/one: it does not know the kind Gadget"
                        + " (example.com/v1); its custom resource definition is not installed there.");
    }

    @Test
    void api_server_that_hangs_is_left_alone_for_a_while() throws IOException {
        try (HangingApi hanging = new HangingApi();
                KubernetesClient patient = new KubernetesClientBuilder()
                        .withConfig(TargetConfiguration.config(
                                new TargetProperties.Kubernetes(null, null, hanging.url(), Duration.ofMillis(200))))
                        .build()) {
            Target slow = new KubernetesTarget(patient, new TargetConfiguration().targetBreaker());
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> slow.progress(ref()))
                        .hasMessage("Kubernetes does not read Cluster acme/prod-eu: its API did not answer in time.");
            }
            int asked = hanging.connections();

            assertThatThrownBy(() -> slow.progress(ref()))
                    .hasMessage("Kubernetes does not read Cluster acme/prod-eu: its API did not answer the last times"
                            + " and is left alone for some seconds.");

            assertThat(hanging.connections()).isEqualTo(asked);
        }
    }

    @Test
    void answers_of_any_kind_do_not_keep_others_from_asking() {
        dispatcher.refusal = "spec.topology.version: Invalid value";
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> target.apply(cluster("v1.31.0"))).hasMessageContaining("Invalid value");
        }
    }

    @Test
    void api_server_that_cannot_be_reached_is_a_failure_at_once() {
        var properties = new TargetProperties.Kubernetes(
                null, null, "http://localhost:" + server.getPort(), Duration.ofSeconds(5));
        server.shutdown();

        try (KubernetesClient configured = new KubernetesClientBuilder()
                .withConfig(TargetConfiguration.config(properties))
                .build()) {
            assertThatThrownBy(() ->
                            new KubernetesTarget(configured, new TargetConfiguration().targetBreaker()).progress(ref()))
                    .isInstanceOf(TargetFailure.class)
                    .hasMessage("Kubernetes does not read Cluster acme/prod-eu: its API cannot be reached.");
        }
    }

    @Test
    void kubeconfig_and_context_are_configurable(@TempDir Path directory) throws IOException {
        Path kubeconfig = directory.resolve("config");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                current-context: one
                contexts:
                - {name: one, context: {cluster: one, user: robot}}
                - {name: two, context: {cluster: two, user: robot}}
                clusters:
                - {name: one, cluster: {server: "https://one.example.com"}}
                - {name: two, cluster: {server: "https://two.example.com"}}
                users:
                - {name: robot, user: {token: secret}}
                """);
        Duration timeout = Duration.ofSeconds(5);

        assertThat(TargetConfiguration.config(new TargetProperties.Kubernetes(kubeconfig, null, null, timeout))
                        .getMasterUrl())
                .startsWith("https://one.example.com");
        assertThat(TargetConfiguration.config(new TargetProperties.Kubernetes(kubeconfig, "two", null, timeout))
                        .getMasterUrl())
                .startsWith("https://two.example.com");
    }

    @Test
    void object_of_others_is_refused_saying_whose_it_is() {
        existing(Map.of("app.kubernetes.io/managed-by", "Helm"));

        assertThatThrownBy(() -> target.apply(cluster("v1.32.0")))
                .isInstanceOf(TargetFailure.class)
                .hasMessage("Cluster acme/prod-eu exists already and is not Countersign's for organization acme:"
                        + " managed by Helm, owned by App shop, written by helm and kubectl-edit.");
        assertThat(dispatcher.applied).isEmpty();
    }

    @Test
    void object_of_another_organization_is_refused() {
        existing(Owner.organization("other").labels());

        assertThatThrownBy(() -> target.apply(cluster("v1.32.0")))
                .hasMessageContaining("Countersign's for organization other");
    }

    @Test
    void object_of_others_is_neither_deleted_nor_taken_for_ours() {
        existing(Map.of());

        target.delete(ref());

        assertThat(clusters().list().getItems()).hasSize(1);
        assertThat(target.progress(ref())).isEqualTo(new Progress.Absent());
        assertThat(target.compareRemoval(ref()).isEmpty()).isTrue();
    }

    @Test
    void adoption_takes_over_exactly_the_object_that_is_there() {
        existing(Map.of("app.kubernetes.io/managed-by", "Helm"));
        String uid = stored().getMetadata().getUid();

        target.apply(cluster("v1.32.0"), true);

        assertThat(dispatcher.applied).singleElement().asString().contains("force=true");
        assertThat(dispatcher.bodies).singleElement().asString().contains(uid);
        assertThat(stored().getMetadata().getLabels()).containsAllEntriesOf(ACME.labels());
    }

    @Test
    void object_that_somebody_makes_in_the_same_moment_is_left_to_them() {
        dispatcher.code = 409;
        dispatcher.status = "{\"message\":\"conflict with kubectl\"}";

        assertThatThrownBy(() -> target.apply(cluster("v1.31.0")))
                .hasMessageContaining("was made by somebody else in this very moment");
    }

    @Test
    void preview_says_that_an_object_is_somebody_elses() {
        existing(Map.of("app.kubernetes.io/managed-by", "Helm"));

        Comparison refused = target.compare(cluster("v1.32.0"), false);
        Comparison adopted = target.compare(cluster("v1.32.0"), true);

        assertThat(refused.refused()).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.EXISTS_ALREADY);
            assertThat(refusal.reason()).contains("managed by Helm");
        });
        assertThat(refused.live()).hasValueSatisfying(yaml -> assertThat(yaml).contains("v1.20.0"));
        assertThat(adopted.refused()).isEmpty();
        assertThat(adopted.takenFrom())
                .contains("managed by Helm, owned by App shop, written by helm and kubectl-edit");
    }

    @Test
    void namespace_that_is_not_given_is_not_touched_nor_shown() {
        namespace(Map.of("app.kubernetes.io/managed-by", "Helm"));
        existing(ACME.labels());

        String reason = "Namespace acme is not for organization acme: managed by Helm. An administrator of the cluster"
                + " gives it by the label countersign.io/organization=acme.";
        assertThatThrownBy(() -> target.apply(cluster("v1.32.0"), true)).hasMessage(reason);
        assertThatThrownBy(() -> target.delete(ref())).hasMessage(reason);
        Comparison comparison = target.compare(cluster("v1.32.0"), true);
        assertThat(comparison.refused()).contains(new Refusal(ErrorCode.FOREIGN_NAMESPACE, reason));
        assertThat(comparison.live()).isEmpty();
        assertThat(target.compareNamespace(ObjectRef.namespace("acme", ACME)).refused())
                .contains(new Refusal(ErrorCode.FOREIGN_NAMESPACE, reason));
        assertThat(dispatcher.applied).isEmpty();
        assertThat(clusters().list().getItems()).hasSize(1);
    }

    @Test
    void namespace_of_another_owner_is_not_touched() {
        namespace(Owner.project("acme").labels());

        assertThatThrownBy(() -> target.apply(cluster("v1.31.0")))
                .hasMessageContaining("Countersign's for project acme");
    }

    @Test
    void namespace_that_is_missing_is_made_by_whoever_runs_the_cluster() {
        client.namespaces().withName("acme").delete();

        assertThatThrownBy(() -> target.apply(cluster("v1.31.0")))
                .hasMessage("Namespace acme does not exist. An administrator of the cluster makes it, with the label"
                        + " countersign.io/organization=acme.");
        target.delete(ref());
        assertThat(target.compareNamespace(ObjectRef.namespace("acme", ACME)).refused())
                .isPresent();
    }

    @Test
    void namespace_that_an_administrator_gave_stays_as_it_is() {
        namespace(Map.of("countersign.io/organization", "acme", "team", "platform"));

        target.apply(namespaceObject());
        target.apply(cluster("v1.31.0"));

        assertThat(dispatcher.applied).singleElement().asString().contains("/clusters/");
        assertThat(target.compare(namespaceObject(), false))
                .satisfies(comparison -> assertThat(comparison.live()).isEqualTo(comparison.planned()));
    }

    @Test
    void namespace_is_made_with_the_labels_of_its_owner() {
        client.namespaces().withName("acme").delete();

        target.apply(namespaceObject());

        assertThat(client.namespaces().withName("acme").get().getMetadata().getLabels())
                .containsAllEntriesOf(ACME.labels());
    }

    @Test
    void preview_of_a_secret_shows_that_there_is_one_and_not_what_it_holds() {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace("acme")
                .withName("key")
                .withLabels(ACME.labels())
                .endMetadata()
                .addToData("partner", "bGl2ZQ==")
                .build();
        client.resource(secret).create();
        secret.getData().put("partner", "cGxhbm5lZA==");

        Comparison comparison = target.compare(secret, false);

        assertThat(comparison.live())
                .hasValueSatisfying(
                        yaml -> assertThat(yaml).contains("(hidden)").doesNotContain("bGl2ZQ=="));
        assertThat(comparison.planned())
                .hasValueSatisfying(
                        yaml -> assertThat(yaml).contains("(hidden)").doesNotContain("cGxhbm5lZA=="));
    }

    @Test
    void object_that_does_not_say_whose_it_is_is_not_applied() {
        GenericKubernetesResource object = cluster("v1.31.0");
        object.getMetadata().setLabels(Map.of());

        assertThatIllegalArgumentException().isThrownBy(() -> target.apply(object));
    }

    /** Makes a cluster by hand. */
    private void existing(Map<String, String> labels) {
        GenericKubernetesResource object = cluster("v1.20.0");
        object.getMetadata().setLabels(labels);
        object.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withKind("App")
                        .withName("shop")
                        .build()));
        object.getMetadata()
                .setManagedFields(List.of(
                        new ManagedFieldsEntryBuilder().withManager("helm").build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager("capi")
                                .withSubresource("status")
                                .build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager("kubectl-edit")
                                .build()));
        client.resource(object).create();
    }

    /** Makes the namespace anew. */
    private void namespace(Map<String, String> labels) {
        client.namespaces().withName("acme").delete();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("acme")
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    private static Namespace namespaceObject() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName("acme")
                .withLabels(ACME.labels())
                .endMetadata()
                .build();
    }

    private static GenericKubernetesResource cluster(String version) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(API_VERSION);
        object.setKind("Cluster");
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace("acme")
                .withName("prod-eu")
                .withLabels(ACME.labels())
                .build());
        object.setAdditionalProperty("spec", Map.of("topology", Map.of("version", version)));
        return object;
    }

    private static ObjectRef ref() {
        return ObjectRef.of(cluster("v1.31.0"));
    }

    private static Map<String, Object> condition(String type, String status, int generation, String message) {
        return Map.of(
                "type", type,
                "status", status,
                "observedGeneration", generation,
                "reason", "Because",
                "message", message);
    }

    /** Reports a status, as the object's controller would. */
    private void status(Map<String, Object> status) {
        GenericKubernetesResource object = stored();
        object.setAdditionalProperty("status", status);
        client.genericKubernetesResources(CLUSTERS)
                .inNamespace("acme")
                .resource(object)
                .updateStatus();
    }

    private GenericKubernetesResource stored() {
        Resource<GenericKubernetesResource> resource =
                client.genericKubernetesResources(CLUSTERS).inNamespace("acme").withName("prod-eu");
        return resource.get();
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            clusters() {
        return client.genericKubernetesResources(CLUSTERS).inNamespace("acme");
    }

    /** The mock server in CRUD mode, which lacks server-side apply: creates the object or replaces its fields. */
    private static final class Dispatcher extends KubernetesCrudDispatcher {

        private static final String JSON = "application/json";

        private final List<String> applied = new ArrayList<>();
        private final List<String> bodies = new ArrayList<>();
        private String refusal;
        private int code;
        private String status;

        Dispatcher() {
            super(List.of(CLUSTERS));
        }

        @Override
        public MockResponse handlePatch(RecordedRequest request) {
            String type = request.getHeader("Content-Type");
            if (type == null || !type.startsWith("application/apply-patch+yaml")) {
                return super.handlePatch(request);
            }
            if (code != 0) {
                return new MockResponse()
                        .setResponseCode(code)
                        .setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + code
                                + status.replaceFirst("^\\{(?=.)", status.length() > 2 ? "," : ""));
            }
            if (refusal != null) {
                return new MockResponse()
                        .setResponseCode(422)
                        .setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":422,"
                                + "\"message\":\"" + refusal + "\"}");
            }
            if (request.getPath().contains("dryRun=All")) {
                return new MockResponse()
                        .setResponseCode(200)
                        .setBody(request.getBody()
                                .readUtf8()
                                .replace("\"name\":\"prod-eu\"", "\"name\":\"prod-eu\",\"uid\":\"7\""));
            }
            applied.add(request.getPath());
            String path = request.getPath().replaceFirst("\\?.*", "");
            String body = request.getBody().readUtf8();
            bodies.add(body);
            try {
                return findResource(getKey(path)) == null
                        ? create(path, body)
                        : new PutHandler(this).handle(path, JSON, body);
            } catch (KubernetesCrudDispatcherException e) {
                throw new AssertionError(e);
            }
        }

        private MockResponse create(String path, String body) throws KubernetesCrudDispatcherException {
            return new PostHandler(new KubernetesAttributesExtractor(), this)
                    .handle(path.substring(0, path.lastIndexOf('/')), JSON, body);
        }
    }
}
