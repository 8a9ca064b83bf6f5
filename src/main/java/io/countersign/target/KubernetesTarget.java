package io.countersign.target;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.function.Supplier;

/**
 * Applies objects to a Kubernetes API server by server-side apply, as the field manager {@code countersign} and with
 * force: what was approved wins over what anyone else wrote into the same fields, and fields that nobody approved are
 * left to their managers. Applying twice gives one object.
 */
final class KubernetesTarget implements Target {

    private static final String FIELD_MANAGER = "countersign";

    private final KubernetesClient client;

    KubernetesTarget(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void apply(HasMetadata object) {
        ObjectRef ref = ObjectRef.of(object);
        GenericKubernetesResource generic =
                Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
        ask("apply", ref, () -> {
            Resource<GenericKubernetesResource> resource = client.resource(generic);
            return resource.fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        });
    }

    @Override
    public void delete(ObjectRef ref) {
        ask(
                "delete",
                ref,
                () -> resource(ref)
                        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                        .delete());
    }

    @Override
    public Progress progress(ObjectRef ref) {
        GenericKubernetesResource object = ask("read", ref, () -> resource(ref).get());
        return object == null ? new Progress.Absent() : Readiness.of(object);
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref) {
        var resources = client.genericKubernetesResources(ref.apiVersion(), ref.kind());
        return ref.namespace()
                .<Resource<GenericKubernetesResource>>map(
                        namespace -> resources.inNamespace(namespace).withName(ref.name()))
                .orElseGet(() -> resources.withName(ref.name()));
    }

    private static <T> T ask(String what, ObjectRef ref, Supplier<T> exchange) {
        try {
            return exchange.get();
        } catch (KubernetesClientException e) {
            String reason = e.getStatus() != null && e.getStatus().getMessage() != null
                    ? e.getStatus().getMessage()
                    : e.getCause() != null && e.getCause().getMessage() != null
                            ? e.getMessage() + " " + e.getCause().getMessage()
                            : e.getMessage();
            throw new TargetFailure("Kubernetes does not " + what + " " + ref + ": " + reason, e);
        }
    }
}
