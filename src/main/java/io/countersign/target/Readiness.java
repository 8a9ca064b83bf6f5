package io.countersign.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an object's progress from its status, by the conventions that Cluster API v1beta2 and its like follow: a
 * condition {@code Available} or {@code Ready}, the generation that the controller has seen, and a phase. Gateway API's
 * routes and policies have conditions for each gateway they attach to instead ({@code status.parents},
 * {@code status.ancestors}). Plain objects such as Secrets have no status. A status of an earlier generation says
 * nothing about what was applied last.
 */
final class Readiness {

    private static final Set<String> READY = Set.of("Available", "Ready");
    private static final Set<String> FAILED = Set.of("Failed", "Failure");

    /** Says of a Cluster API cluster whether its topology is rolled out, for example to a new Kubernetes version. */
    private static final String TOPOLOGY_RECONCILED = "TopologyReconciled";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Readiness() {}

    /** One entry of {@code status.conditions}. */
    private record Condition(String type, String status, String reason, String message, long generation) {

        static Condition of(JsonNode node, long defaultGeneration) {
            return new Condition(
                    node.path("type").asText(),
                    node.path("status").asText(),
                    node.path("reason").asText(),
                    node.path("message").asText(),
                    node.path("observedGeneration").asLong(defaultGeneration));
        }

        boolean isTrue() {
            return status.equals("True");
        }

        String describe() {
            return type + " is " + status
                    + (reason.isBlank() ? "" : " (" + reason + ")")
                    + (message.isBlank() ? "" : ": " + message);
        }
    }

    /**
     * @param object as the API server returned it
     * @return how far its controller is with it
     */
    static Progress of(GenericKubernetesResource object) {
        JsonNode status =
                JSON.<JsonNode>valueToTree(object.getAdditionalProperties()).path("status");
        if (object.getMetadata().getDeletionTimestamp() != null) {
            return new Progress.InProgress("it is being deleted");
        }
        long generation =
                Optional.ofNullable(object.getMetadata().getGeneration()).orElse(0L);
        if (status.path("observedGeneration").asLong(generation) < generation) {
            return new Progress.InProgress("its controller has not seen the change yet");
        }
        if (object.getApiVersion().equals("v1")) {
            return new Progress.Ready();
        }
        if (isAttached(object)) {
            return attachment(status, generation);
        }
        List<Condition> conditions = new ArrayList<>();
        status.path("conditions").forEach(node -> conditions.add(Condition.of(node, generation)));

        Optional<Condition> failed = conditions.stream()
                .filter(condition -> FAILED.contains(condition.type()) && condition.isTrue())
                .findFirst();
        if (failed.isPresent() || status.path("phase").asText().equals("Failed")) {
            return new Progress.Failed(failureMessage(status, failed, conditions));
        }
        Optional<Condition> ready = conditions.stream()
                .filter(condition -> READY.contains(condition.type()))
                .findFirst();
        if (ready.isEmpty()) {
            return new Progress.InProgress("its controller reports nothing yet");
        }
        return conditions.stream()
                .filter(condition ->
                        condition.equals(ready.get()) || condition.type().equals(TOPOLOGY_RECONCILED))
                .filter(condition -> !condition.isTrue() || condition.generation() < generation)
                .findFirst()
                .<Progress>map(condition -> new Progress.InProgress(
                        condition.isTrue()
                                ? "condition " + condition.type() + " is of an earlier change"
                                : condition.describe()))
                .orElseGet(Progress.Ready::new);
    }

    private static boolean isAttached(GenericKubernetesResource object) {
        String group = object.getApiVersion()
                .substring(0, Math.max(0, object.getApiVersion().indexOf('/')));
        return group.equals("gateway.envoyproxy.io")
                || group.equals("gateway.networking.k8s.io") && object.getKind().endsWith("Route");
    }

    /** Every gateway must have accepted the object and found what it refers to, such as a route's Service. */
    private static Progress attachment(JsonNode status, long generation) {
        JsonNode gateways = status.path("parents").isMissingNode() ? status.path("ancestors") : status.path("parents");
        if (gateways.isEmpty()) {
            return new Progress.InProgress("no gateway has taken it up yet");
        }
        for (JsonNode gateway : gateways) {
            boolean accepted = false;
            for (JsonNode node : gateway.path("conditions")) {
                Condition condition = Condition.of(node, generation);
                boolean matters =
                        condition.type().equals("Accepted") || condition.type().equals("ResolvedRefs");
                if (matters && condition.generation() < generation) {
                    return new Progress.InProgress("condition " + condition.type() + " is of an earlier change");
                }
                if (matters && !condition.isTrue()) {
                    return new Progress.Failed(condition.describe());
                }
                accepted |= condition.type().equals("Accepted");
            }
            if (!accepted) {
                return new Progress.InProgress("no gateway has taken it up yet");
            }
        }
        return new Progress.Ready();
    }

    private static String failureMessage(JsonNode status, Optional<Condition> failed, List<Condition> conditions) {
        String message = failed.map(Condition::message)
                .filter(text -> !text.isBlank())
                .orElseGet(() -> status.path("failureMessage")
                        .asText(status.at("/deprecated/v1beta1/failureMessage").asText()));
        if (!message.isBlank()) {
            return message;
        }
        return conditions.stream()
                .filter(condition -> condition.status().equals("False"))
                .filter(condition ->
                        READY.contains(condition.type()) || !condition.message().isBlank())
                .findFirst()
                .map(Condition::describe)
                .orElse("its controller reports the phase Failed without a reason");
    }
}
