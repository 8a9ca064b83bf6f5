package io.countersign.target;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Applies objects to a Kubernetes API server by server-side apply, as the field manager {@code countersign} and with
 * force: what was approved wins over what anyone else wrote into the same fields, and fields that nobody approved are
 * left to their managers. Applying twice gives one object.
 */
final class KubernetesTarget implements Target {

    private static final String FIELD_MANAGER = "countersign";

    private final KubernetesClient client;
    private final CircuitBreaker breaker;

    /** @param breaker keeps everybody from waiting for a server that does not answer */
    KubernetesTarget(KubernetesClient client, CircuitBreaker breaker) {
        this.client = client;
        this.breaker = breaker;
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

    @Override
    public Optional<String> live(ObjectRef ref) {
        return Optional.ofNullable(ask("read", ref, () -> resource(ref).get()))
                .map(KubernetesTarget::withoutNotes)
                .map(Serialization::asYaml);
    }

    /** Asks the server itself, by a dry run: defaults, admission and what others manage are as they would be. */
    @Override
    public String rehearse(HasMetadata object) {
        GenericKubernetesResource generic =
                Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
        return ask("accept", ObjectRef.of(object), () -> {
            try {
                return Serialization.asYaml(withoutNotes(client.resource(generic)
                        .dryRun(true)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply()));
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    // Its namespace comes with its first deployment, and until then the server has nowhere to try it.
                    return Serialization.asYaml(object);
                }
                throw e;
            }
        });
    }

    /** What the server and controllers note about an object is no part of what somebody asked for. */
    private static GenericKubernetesResource withoutNotes(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        metadata.setManagedFields(null);
        metadata.setResourceVersion(null);
        metadata.setUid(null);
        metadata.setGeneration(null);
        metadata.setCreationTimestamp(null);
        object.getAdditionalProperties().remove("status");
        return object;
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref) {
        var resources = client.genericKubernetesResources(ref.apiVersion(), ref.kind());
        return ref.namespace()
                .<Resource<GenericKubernetesResource>>map(
                        namespace -> resources.inNamespace(namespace).withName(ref.name()))
                .orElseGet(() -> resources.withName(ref.name()));
    }

    private <T> T ask(String what, ObjectRef ref, Supplier<T> exchange) {
        try {
            return breaker.executeSupplier(exchange);
        } catch (KubernetesClientException | CallNotPermittedException e) {
            throw KubernetesFailures.explain(what, ref, e);
        }
    }
}
