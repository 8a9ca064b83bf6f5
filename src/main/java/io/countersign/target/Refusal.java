package io.countersign.target;

import io.countersign.api.problem.ErrorCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why Countersign does not touch an object that is not its own.
 *
 * @param code {@code exists_already} for an object of that name, {@code foreign_namespace} for its namespace
 * @param reason whose it is and what would help, for a person
 */
public record Refusal(ErrorCode code, String reason) {

    private static final String STATUS = "status";

    /** @return the refusal of an object that is there already */
    static Refusal existsAlready(ObjectRef wanted, HasMetadata live) {
        return new Refusal(
                ErrorCode.EXISTS_ALREADY,
                "%s exists already and is not Countersign's for %s: %s."
                        .formatted(wanted, wanted.owner(), whose(live)));
    }

    /** @return the refusal of a namespace that the writer may not use */
    static Refusal foreignNamespace(ObjectRef namespace, HasMetadata live) {
        return new Refusal(
                ErrorCode.FOREIGN_NAMESPACE,
                "%s is not for %s: %s. An administrator of the cluster gives it by the label %s."
                        .formatted(
                                namespace,
                                namespace.owner(),
                                whose(live),
                                namespace.owner().label()));
    }

    /** @return the refusal of a namespace that Countersign does not make */
    static Refusal noNamespace(ObjectRef namespace) {
        return new Refusal(
                ErrorCode.FOREIGN_NAMESPACE,
                "%s does not exist. An administrator of the cluster makes it, with the label %s."
                        .formatted(namespace, namespace.owner().label()));
    }

    /** @return whose an object is, by its labels, owner references and field managers, such as "managed by Helm" */
    static String whose(HasMetadata object) {
        List<String> signs = new ArrayList<>();
        Owner.of(object).ifPresent(owner -> signs.add("Countersign's for " + owner));
        if (signs.isEmpty()) {
            Owner.manager(object).ifPresent(manager -> signs.add("managed by " + manager));
        }
        owners(object).ifPresent(owners -> signs.add("owned by " + owners));
        writers(object).ifPresent(writers -> signs.add("written by " + writers));
        return signs.isEmpty() ? "it does not say whose it is" : String.join(", ", signs);
    }

    private static Optional<String> owners(HasMetadata object) {
        return object.getMetadata() == null
                ? Optional.empty()
                : joined(object.getMetadata().getOwnerReferences().stream()
                        .map(owner -> owner.getKind() + " " + owner.getName())
                        .toList());
    }

    private static Optional<String> writers(HasMetadata object) {
        return object.getMetadata() == null
                ? Optional.empty()
                : joined(object.getMetadata().getManagedFields().stream()
                        .filter(entry -> !STATUS.equals(entry.getSubresource()))
                        .map(ManagedFieldsEntry::getManager)
                        .distinct()
                        .toList());
    }

    private static Optional<String> joined(List<String> names) {
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", names));
    }
}
