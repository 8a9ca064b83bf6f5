package io.countersign.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Lints and renders the chart with Helm itself, and reads what comes out with the Kubernetes API's own types. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ChartTest {

    private static final Path CHART = Path.of("deploy/helm/countersign");
    private static final String KUBERNETES = "1.31.0";
    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.of(
            "Deployment", Deployment.class,
            "Service", Service.class,
            "ServiceAccount", ServiceAccount.class,
            "PodDisruptionBudget", PodDisruptionBudget.class,
            "NetworkPolicy", NetworkPolicy.class,
            "Ingress", Ingress.class,
            "ClusterRole", ClusterRole.class,
            "ClusterRoleBinding", ClusterRoleBinding.class,
            "ConfigMap", ConfigMap.class);

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** The API's types keep unknown fields for later; here they are mistakes. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    @Test
    void helm_finds_nothing_to_complain_of() {
        LintResult result = new Helm(CHART).lint().strict().quiet().call();

        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @Test
    void defaults_need_only_a_database_and_run_two_hardened_replicas() throws IOException {
        List<JsonNode> objects = render(with -> with);

        assertThat(objects)
                .extracting(object -> object.get("kind").asText())
                .containsExactlyInAnyOrder(
                        "Deployment",
                        "Service",
                        "ServiceAccount",
                        "PodDisruptionBudget",
                        "NetworkPolicy",
                        "ClusterRole",
                        "ClusterRoleBinding");
        Deployment deployment = find(objects, Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        assertThat(deployment
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        Container container = pod.getContainers().get(0);
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/readiness");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        assertThat(container.getStartupProbe()).isNotNull();
        assertThat(container.getVolumeMounts())
                .extracting(mount -> mount.getMountPath())
                .containsExactlyInAnyOrder("/tmp", "/data");
        assertThat(find(objects, PodDisruptionBudget.class)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(1);
    }

    @Test
    void secrets_come_from_secrets_alone() throws IOException {
        List<JsonNode> objects = render(ChartTest::everything);

        List<EnvVar> environment = find(objects, Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getEnv();
        assertThat(environment)
                .filteredOn(variable -> variable.getName().matches(".*(PASSWORD|TOKEN|SECRET|ENCRYPTION).*"))
                .hasSizeGreaterThan(4)
                .allSatisfy(variable -> assertThat(
                                variable.getValueFrom().getSecretKeyRef().getName())
                        .isNotBlank());
        assertThat(objects).noneMatch(object -> object.get("kind").asText().equals("Secret"));
    }

    @Test
    void proxies_are_named_to_the_server() throws IOException {
        assertThat(find(render(ChartTest::everything), Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getEnv())
                .anySatisfy(variable -> {
                    assertThat(variable.getName()).isEqualTo("COUNTERSIGN_TRUSTEDPROXIES");
                    assertThat(variable.getValue()).isEqualTo("10.1.0.0/16,10.2.0.1");
                });
    }

    @Test
    void server_knows_its_own_namespace_and_so_gives_it_to_nobody() throws IOException {
        assertThat(find(render(ChartTest::everything), Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getEnv())
                .anySatisfy(variable -> {
                    assertThat(variable.getName()).isEqualTo("COUNTERSIGN_NAMESPACES_OWN");
                    assertThat(variable.getValueFrom().getFieldRef().getFieldPath())
                            .isEqualTo("metadata.namespace");
                });
    }

    @Test
    void everything_switched_on_is_rendered_and_known_to_kubernetes() throws IOException {
        List<JsonNode> objects = render(ChartTest::everything);

        assertThat(objects)
                .extracting(object -> object.get("kind").asText())
                .contains("Ingress", "ServiceMonitor", "PrometheusRule", "ConfigMap");
        JsonNode rules = named(objects, "PrometheusRule");
        assertThat(rules.at("/spec"))
                .isEqualTo(
                        YAML.readTree(Path.of("deploy/prometheus/alerts.yaml").toFile()));
        String dashboard =
                named(objects, "ConfigMap").at("/data").get("countersign.json").asText();
        assertThat(new ObjectMapper().readTree(dashboard))
                .isEqualTo(new ObjectMapper()
                        .readTree(Path.of("deploy/grafana/countersign.json").toFile()));
        JsonNode endpoint = named(objects, "ServiceMonitor").at("/spec/endpoints/0");
        assertThat(endpoint.get("port").asText()).isEqualTo("http");
        assertThat(endpoint.at("/authorization/credentials/name").asText()).isEqualTo("metrics");
    }

    @Test
    void server_that_writes_files_has_no_way_into_the_cluster() throws IOException {
        List<JsonNode> objects =
                render(with -> with.set("target.type", "manifests").set("target.manifests.existingClaim", "git"));

        PodSpec pod = find(objects, Deployment.class).getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getVolumes())
                .anySatisfy(volume -> assertThat(volume.getPersistentVolumeClaim())
                        .isNotNull()
                        .satisfies(claim -> assertThat(claim.getClaimName()).isEqualTo("git")));
        assertThat(objects).noneMatch(object -> object.get("kind").asText().startsWith("ClusterRole"));
    }

    @Test
    void image_can_be_pinned_by_digest() throws IOException {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);

        List<JsonNode> objects = render(
                with -> with.set("image.repository", "registry/countersign").set("image.digest", digest));

        assertThat(find(objects, Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .isEqualTo("registry/countersign@" + digest);
    }

    @Test
    void mistaken_values_are_refused_by_name() {
        assertThatThrownBy(() ->
                        new Helm(CHART).template().withKubeVersion(KUBERNETES).call())
                .hasMessageContaining("database.url");
        assertThatThrownBy(() -> render(with -> with.set("replicas", 3))).hasMessageContaining("replicas");
        assertThatThrownBy(() -> render(with -> with.set("image.digest", "latest")))
                .hasMessageContaining("digest");
        assertThatThrownBy(() -> render(with -> with.set("target.type", "ftp"))).hasMessageContaining("type");
    }

    /** Helm reads only what lies in the chart's own directory. */
    @Test
    void chart_carries_the_dashboard_and_the_alerts() throws IOException {
        Path files = CHART.resolve("files");
        Map<String, Path> originals = Map.of(
                "alerts.yaml", Path.of("deploy/prometheus/alerts.yaml"),
                "countersign.json", Path.of("deploy/grafana/countersign.json"));
        for (Map.Entry<String, Path> original : originals.entrySet()) {
            Path copy = files.resolve(original.getKey());
            if ("write".equals(System.getProperty("docs"))) {
                Files.writeString(copy, Files.readString(original.getValue()));
            }
            assertThat(copy).hasSameTextualContentAs(original.getValue());
        }
    }

    private static TemplateCommand everything(TemplateCommand with) {
        return with.set("ingress.enabled", true)
                .set("trustedProxies[0]", "10.1.0.0/16")
                .set("trustedProxies[1]", "10.2.0.1")
                .set("ingress.className", "nginx")
                .set("ingress.tlsSecret", "certificate")
                .set("firstAdministrator.existingSecret", "administrator")
                .set("firstAdministrator.email", "admin@example.com")
                .set("mail.host", "smtp.example.com")
                .set("mail.existingSecret", "mail")
                .set("monitoring.existingSecret", "metrics")
                .set("monitoring.serviceMonitor.enabled", true)
                .set("monitoring.prometheusRule.enabled", true)
                .set("monitoring.dashboard.enabled", true)
                .set("tracing.endpoint", "http://collector:4318/v1/traces")
                .set("priorityClassName", "high");
    }

    private static List<JsonNode> render(UnaryOperator<TemplateCommand> values) throws IOException {
        String rendered = values.apply(new Helm(CHART)
                        .template()
                        .withName("approvals")
                        .withNamespace("countersign")
                        .withKubeVersion(KUBERNETES)
                        .set("database.url", "jdbc:postgresql://db:5432/countersign"))
                .call();
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(rendered)) {
            for (Iterator<JsonNode> all = documents; all.hasNext(); ) {
                JsonNode object = all.next();
                if (object != null && object.isObject()) {
                    objects.add(object);
                }
            }
        }
        for (JsonNode object : objects) {
            Class<? extends HasMetadata> type = TYPES.get(object.get("kind").asText());
            if (type != null) {
                STRICT.treeToValue(object, type);
            }
        }
        return objects;
    }

    private static JsonNode named(List<JsonNode> objects, String kind) {
        return objects.stream()
                .filter(object -> object.get("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static <T extends HasMetadata> T find(List<JsonNode> objects, Class<T> type) throws IOException {
        return STRICT.treeToValue(named(objects, type.getSimpleName()), type);
    }
}
