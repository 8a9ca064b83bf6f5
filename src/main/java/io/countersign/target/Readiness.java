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
 * condition {@code Available} or {@code Ready}, the generation that the controller has seen, and a phase. A status of
 * an earlier generation says nothing about what was applied last.
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
