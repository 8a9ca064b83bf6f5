package io.countersign.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Refuses to touch anything that does not belong to the owner: an object of the same name, unless it is to be adopted,
 * or a namespace that was neither created for the owner nor assigned to it.
 */
abstract class GuardedTarget implements Target {

    private static final String HIDDEN = "(hidden)";

    /**
     * An object as it is.
     *
     * @param object with everything that its server notes about it
     * @param yaml as people are shown it
     */
    record Live(GenericKubernetesResource object, String yaml) {}

    /** @return the object of that name, regardless of its owner */
    abstract Optional<Live> read(ObjectRef ref);

    /**
     * Creates the object, or makes the present one like it.
     *
     * @param present the one that is replaced: ours, or to be adopted
     */
    abstract void write(HasMetadata object, Optional<Live> present);

    /** @return what {@link #write} would make of the object, as YAML */
    abstract String rehearse(HasMetadata object, Optional<Live> present);

    /** Removes an object of ours. */
    abstract void remove(ObjectRef ref);

    /** @return how far the outside world is with an object of ours */
    abstract Progress progress(Live object);

    /** @return why an object cannot be written to a namespace that is not there; empty if it can */
    abstract Optional<Refusal> refuseMissing(ObjectRef namespace);

    @Override
    public final void apply(HasMetadata object, boolean adopt) {
        ObjectRef ref = ObjectRef.of(object);
        ref.inNamespace().flatMap(this::refuseToUse).ifPresent(GuardedTarget::refuse);
        Optional<Live> live = read(ref);
        if (isNamespace(ref) && live.isPresent()) {
            // One that an administrator gave stays as it is.
            live.flatMap(namespace -> refuseForeign(ref, namespace)).ifPresent(GuardedTarget::refuse);
            return;
        }
        refuse(ref, live, adopt).ifPresent(GuardedTarget::refuse);
        write(object, live);
    }

    @Override
    public final void delete(ObjectRef ref) {
        refuseForeignNamespaceOf(ref).ifPresent(GuardedTarget::refuse);
        if (read(ref).filter(live -> isOurs(ref, live)).isPresent()) {
            remove(ref);
        }
    }

    @Override
    public final Progress progress(ObjectRef ref) {
        return read(ref).filter(live -> isOurs(ref, live)).map(this::progress).orElseGet(Progress.Absent::new);
    }

    @Override
    public final Comparison compare(HasMetadata object, boolean adopt) {
        ObjectRef ref = ObjectRef.of(object);
        String planned = Serialization.asYaml(object);
        try {
            // What lies in a namespace of others is not for people here to see.
            Optional<Refusal> closed = refuseForeignNamespaceOf(ref);
            if (closed.isPresent()) {
                return Comparison.refused(ref, Optional.empty(), Optional.of(shown(ref, planned)), closed.get());
            }
            Optional<Live> live = read(ref);
            Optional<String> yaml = live.map(present -> shown(ref, present.yaml()));
            if (isNamespace(ref) && live.isPresent()) {
                return live.flatMap(namespace -> refuseForeign(ref, namespace))
                        .map(refusal -> Comparison.refused(ref, Optional.empty(), Optional.of(planned), refusal))
                        .orElseGet(() -> new Comparison(ref, yaml, yaml, Optional.empty()));
            }
            Optional<Refusal> refusal = refuse(ref, live, adopt);
            if (refusal.isPresent()) {
                return Comparison.refused(ref, yaml, Optional.of(shown(ref, planned)), refusal.get());
            }
            return takingOver(
                    new Comparison(ref, yaml, Optional.of(shown(ref, rehearse(object, live))), Optional.empty()), live);
        } catch (TargetFailure e) {
            return new Comparison(ref, Optional.empty(), Optional.of(shown(ref, planned)), Optional.of(e.getMessage()));
        }
    }

    @Override
    public final Comparison compareRemoval(ObjectRef ref) {
        try {
            Optional<Refusal> closed = refuseForeignNamespaceOf(ref);
            if (closed.isPresent()) {
                return Comparison.refused(ref, Optional.empty(), Optional.empty(), closed.get());
            }
            return new Comparison(
                    ref,
                    read(ref).filter(live -> isOurs(ref, live)).map(live -> shown(ref, live.yaml())),
                    Optional.empty(),
                    Optional.empty());
        } catch (TargetFailure e) {
            return new Comparison(ref, Optional.empty(), Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    @Override
    public final Comparison compareNamespace(ObjectRef namespace) {
        return claim(namespace, () -> claimed(namespace, refuseToUse(namespace)));
    }

    @Override
    public final Comparison compareClaim(ObjectRef ref, boolean adopt) {
        return claim(ref, () -> {
            Optional<Refusal> closed = isNamespace(ref)
                    ? read(ref).flatMap(live -> refuseForeign(ref, live))
                    : refuseForeignNamespaceOf(ref);
            if (isNamespace(ref) || closed.isPresent()) {
                return claimed(ref, closed);
            }
            Optional<Live> live = read(ref);
            return refuse(ref, live, adopt)
                    .map(refusal -> claimed(ref, Optional.of(refusal)))
                    .orElseGet(() -> takingOver(claimed(ref, Optional.empty()), live));
        });
    }

    private static Comparison claim(ObjectRef ref, Supplier<Comparison> ask) {
        try {
            return ask.get();
        } catch (TargetFailure e) {
            return new Comparison(ref, Optional.empty(), Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    private static Comparison claimed(ObjectRef ref, Optional<Refusal> refusal) {
        return refusal.map(why -> Comparison.refused(ref, Optional.empty(), Optional.empty(), why))
                .orElseGet(() -> new Comparison(ref, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static Comparison takingOver(Comparison comparison, Optional<Live> live) {
        return live.filter(present -> !isOurs(comparison.object(), present))
                .map(present -> comparison.takingOver(Refusal.whose(present.object())))
                .orElse(comparison);
    }

    private Optional<Refusal> refuseToUse(ObjectRef namespace) {
        return read(namespace).map(live -> refuseForeign(namespace, live)).orElseGet(() -> refuseMissing(namespace));
    }

    private Optional<Refusal> refuseForeignNamespaceOf(ObjectRef ref) {
        return ref.inNamespace().flatMap(namespace -> read(namespace).flatMap(live -> refuseForeign(namespace, live)));
    }

    private static Optional<Refusal> refuseForeign(ObjectRef namespace, Live live) {
        return namespace.owner().mayUse(live.object())
                ? Optional.empty()
                : Optional.of(Refusal.foreignNamespace(namespace, live.object()));
    }

    private static Optional<Refusal> refuse(ObjectRef ref, Optional<Live> live, boolean adopt) {
        return live.filter(present -> !adopt && !isOurs(ref, present))
                .map(present -> Refusal.existsAlready(ref, present.object()));
    }

    private static boolean isOurs(ObjectRef ref, Live live) {
        return Owner.of(live.object()).filter(ref.owner()::equals).isPresent();
    }

    private static boolean isNamespace(ObjectRef ref) {
        return ref.kind().equals("Namespace");
    }

    private static void refuse(Refusal refusal) {
        throw new TargetFailure(refusal.reason());
    }

    /** Shows that a Secret exists, never its contents. */
    private static String shown(ObjectRef ref, String yaml) {
        if (!ref.kind().equals("Secret")) {
            return yaml;
        }
        JsonNode secret = Serialization.unmarshal(yaml, JsonNode.class);
        for (String field : new String[] {"data", "stringData"}) {
            if (secret.get(field) instanceof ObjectNode data) {
                data.fieldNames().forEachRemaining(name -> data.put(name, HIDDEN));
            }
        }
        return Serialization.asYaml(secret);
    }
}
