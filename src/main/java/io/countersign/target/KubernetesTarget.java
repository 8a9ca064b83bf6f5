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
 * Applies objects to a Kubernetes API server by server-side apply, as the field manager {@code countersign}. In objects
 * that are ours or adopted it forces conflicts: what was approved wins over what anyone else wrote into the same
 * fields, and fields that nobody approved are left to their managers. A new object forces nothing, in case somebody
 * else makes it in the same moment. Applying twice gives one object.
 */
final class KubernetesTarget extends GuardedTarget {

    private static final String FIELD_MANAGER = "countersign";

    private final KubernetesClient client;
    private final CircuitBreaker breaker;

    /** @param breaker keeps everybody from waiting for a server that does not answer */
    KubernetesTarget(KubernetesClient client, CircuitBreaker breaker) {
        this.client = client;
        this.breaker = breaker;
    }

    @Override
    Optional<Live> read(ObjectRef ref) {
        return Optional.ofNullable(ask("read", ref, () -> resource(ref).get()))
                .map(object -> new Live(object, Serialization.asYaml(withoutNotes(object))));
    }

    @Override
    void write(HasMetadata object, Optional<Live> present) {
        ObjectRef ref = ObjectRef.of(object);
        ask("apply", ref, () -> {
            var resource = client.resource(precise(object, present)).fieldManager(FIELD_MANAGER);
            if (present.isPresent()) {
                return resource.forceConflicts().serverSideApply();
            }
            try {
                return resource.serverSideApply();
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                    throw new TargetFailure(ref + " was made by somebody else in this very moment.", e);
                }
                throw e;
            }
        });
    }

    /** Asks the server itself, by a dry run: defaults, admission and what others manage are as they would be. */
    @Override
    String rehearse(HasMetadata object, Optional<Live> present) {
        return ask("accept", ObjectRef.of(object), () -> {
            try {
                var resource =
                        client.resource(precise(object, present)).dryRun(true).fieldManager(FIELD_MANAGER);
                return Serialization.asYaml(withoutNotes(
                        present.isPresent()
                                ? resource.forceConflicts().serverSideApply()
                                : resource.serverSideApply()));
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    // Its namespace comes with its first deployment, and until then the server has nowhere to try it.
                    return Serialization.asYaml(object);
                }
                throw e;
            }
        });
    }

    @Override
    void remove(ObjectRef ref) {
        ask(
                "delete",
                ref,
                () -> resource(ref)
                        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                        .delete());
    }

    @Override
    Progress progress(Live object) {
        return Readiness.of(object.object());
    }

    @Override
    Optional<Refusal> refuseMissing(ObjectRef namespace) {
        return Optional.of(Refusal.noNamespace(namespace));
    }

    /** @return the object as it is sent: if there is one already, none but that one is changed */
    private static GenericKubernetesResource precise(HasMetadata object, Optional<Live> present) {
        GenericKubernetesResource generic =
                Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
        present.ifPresent(
                live -> generic.getMetadata().setUid(live.object().getMetadata().getUid()));
        return generic;
    }

    /** Fields set by the server and controllers are not part of a request. */
    private static GenericKubernetesResource withoutNotes(GenericKubernetesResource noted) {
        GenericKubernetesResource object =
                Serialization.unmarshal(Serialization.asJson(noted), GenericKubernetesResource.class);
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
