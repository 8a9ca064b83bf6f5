package io.countersign.cluster;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.namespace.NamespaceBinding;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.ObjectRef;
import io.countersign.target.Owner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Renders a cluster as one {@code Cluster} of Cluster API, with its node groups as machine deployments of the topology.
 * The same cluster always renders to the same uniquely named object, so applying it again creates no duplicate.
 */
@Component
class ClusterManifest {

    private static final String API_VERSION = "cluster.x-k8s.io/v1beta2";
    private static final String KIND = "Cluster";
    private static final String WORKER_CLASS = "default-worker";
    private static final String MIN_SIZE = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
    private static final String MAX_SIZE = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

    private final ClusterProperties properties;
    private final NamespaceBinding namespaces;

    ClusterManifest(ClusterProperties properties, NamespaceBinding namespaces) {
        this.properties = properties;
        this.namespaces = namespaces;
    }

    /** @return the name of a cluster's object */
    ObjectRef ref(Cluster cluster) {
        return new ObjectRef(API_VERSION, KIND, Optional.of(namespaceOf(cluster)), cluster.name(), owner(cluster));
    }

    /**
     * @param unapproved who requested the cluster's last change, if it needed no approval
     * @return a cluster's object, which names the approval of that change
     */
    GenericKubernetesResource render(Cluster cluster, Optional<UserId> unapproved) {
        Map<String, String> labels = owner(cluster).labels();
        labels.put("countersign.io/approval", cluster.approvalId().toString());

        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(API_VERSION);
        object.setKind(KIND);
        ObjectMetaBuilder metadata = new ObjectMetaBuilder()
                .withName(cluster.name())
                .withNamespace(namespaceOf(cluster))
                .withLabels(labels);
        // Names may contain characters that label values may not.
        unapproved.ifPresent(
                person -> metadata.addToAnnotations("countersign.io/no-approval-needed", "asked for by " + person));
        object.setMetadata(metadata.build());
        object.setAdditionalProperty("spec", ordered("topology", topology(cluster.spec())));
        return object;
    }

    /** @return what to ask the target before a cluster is created or changed: someone else creates the namespace */
    List<Question> questions(Cluster cluster, Optional<UserId> unapproved) {
        return List.of(
                Question.namespace(ObjectRef.namespace(namespaceOf(cluster), owner(cluster))),
                Question.apply(render(cluster, unapproved), cluster.spec().adopt()));
    }

    /** @return the questions whether the target would refuse a requested cluster's object */
    List<Question> claims(String organization, String name, boolean adopt) {
        Owner owner = Owner.organization(organization);
        String namespace = namespaces.of(Scope.organization(organization));
        return List.of(
                Question.namespace(ObjectRef.namespace(namespace, owner)),
                Question.claim(new ObjectRef(API_VERSION, KIND, Optional.of(namespace), name, owner), adopt));
    }

    private static Owner owner(Cluster cluster) {
        return Owner.organization(cluster.organization());
    }

    private String namespaceOf(Cluster cluster) {
        return namespaces.of(Scope.organization(cluster.organization()));
    }

    private Map<String, Object> topology(ClusterSpec spec) {
        return ordered(
                "classRef", ordered("name", properties.classFor(spec.provider())),
                "version", version(spec.kubernetesVersion()),
                "variables", List.of(variable("region", spec.region())),
                "workers",
                        ordered(
                                "machineDeployments",
                                spec.nodeGroups().stream()
                                        .map(ClusterManifest::machineDeployment)
                                        .toList()));
    }

    /**
     * The autoscaler sets the number of machines between the two sizes. {@code replicas} is omitted: Cluster API
     * rejects it next to these annotations and starts a new group at its minimum size.
     */
    private static Map<String, Object> machineDeployment(NodeGroup group) {
        Map<String, Object> metadata = ordered(
                "annotations",
                ordered(MAX_SIZE, Integer.toString(group.maxNodes()), MIN_SIZE, Integer.toString(group.minNodes())));
        if (!group.labels().isEmpty()) {
            metadata.put("labels", group.labels());
        }
        return ordered(
                "class",
                WORKER_CLASS,
                "name",
                group.name(),
                "metadata",
                metadata,
                "variables",
                ordered("overrides", List.of(variable("machineTypes", group.machineTypes()))));
    }

    private static Map<String, Object> variable(String name, Object value) {
        return ordered("name", name, "value", value);
    }

    /** Cluster API requires all three parts and a leading "v". */
    private static String version(String version) {
        return "v" + version + (version.chars().filter(c -> c == '.').count() == 1 ? ".0" : "");
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
