package io.countersign.engine.diagram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.runtime.ActivityInstance;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.springframework.stereotype.Component;

/**
 * Shows the progress of a process instance and the instances it called on their models: the path from our record, the
 * current position from the engine's executions. Callers check that the reader may see the process's subject.
 */
@Component
public class ProcessDiagrams {

    private final RepositoryService repository;
    private final RuntimeService runtime;
    private final ProcessPaths paths;

    ProcessDiagrams(RepositoryService repository, RuntimeService runtime, ProcessPaths paths) {
        this.repository = repository;
        this.runtime = runtime;
        this.paths = paths;
    }

    /**
     * One instance on its model.
     *
     * @param instanceId the process instance
     * @param processKey the model's process, such as {@code cluster-approval}
     * @param processName its display name
     * @param xml the BPMN model with its layout
     * @param ended whether the instance has ended
     * @param steps the activities that were entered, in order
     * @param flows ids of the sequence flows that it took
     */
    public record Diagram(
            String instanceId,
            String processKey,
            String processName,
            String xml,
            boolean ended,
            List<Step> steps,
            List<String> flows) {

        /** @return ids of the activities where the instance is now */
        public List<String> active() {
            return ids(Step.State.ACTIVE);
        }

        /** @return ids of the activities that it passed */
        public List<String> taken() {
            return ids(Step.State.COMPLETED);
        }

        /** @return ids of the activities that failed and wait for a retry */
        public List<String> failed() {
            return ids(Step.State.FAILED);
        }

        private List<String> ids(Step.State state) {
            return steps.stream()
                    .filter(step -> step.state() == state)
                    .map(Step::activityId)
                    .distinct()
                    .toList();
        }
    }

    /**
     * One visit of an activity.
     *
     * @param activityId its id in the model
     * @param name its display name; null if it has none
     * @param enteredAt when it was entered; empty while its job waits to run
     * @param state how it went
     */
    public record Step(String activityId, String name, Optional<Instant> enteredAt, State state) {

        /** How a visit went. */
        public enum State {
            ACTIVE,
            COMPLETED,
            CANCELLED,
            FAILED
        }
    }

    /**
     * @param processInstanceId a running or finished instance
     * @return the instance, then the instances it called, in start order; empty if nothing is recorded of it
     */
    public List<Diagram> of(String processInstanceId) {
        return paths.rootOf(processInstanceId)
                .map(root -> of(processInstanceId, root))
                .orElse(List.of());
    }

    /**
     * @param processInstanceId any instance
     * @return the root instance, then the instances it called; empty if nothing is recorded of it
     */
    public List<Diagram> ofWhole(String processInstanceId) {
        return paths.rootOf(processInstanceId).map(root -> of(root, root)).orElse(List.of());
    }

    private List<Diagram> of(String instance, String root) {
        Map<String, List<ProcessPaths.Leg>> all = paths.ofRoot(root).stream()
                .collect(Collectors.groupingBy(ProcessPaths.Leg::instance, LinkedHashMap::new, Collectors.toList()));
        return withCalled(instance, all).map(this::diagram).toList();
    }

    private static Stream<List<ProcessPaths.Leg>> withCalled(String instance, Map<String, List<ProcessPaths.Leg>> all) {
        return Stream.concat(
                Stream.ofNullable(all.get(instance)),
                all.values().stream()
                        .filter(legs -> legs.get(0).caller().equals(Optional.of(instance)))
                        .flatMap(legs -> withCalled(legs.get(0).instance(), all)));
    }

    private Diagram diagram(List<ProcessPaths.Leg> legs) {
        String instance = legs.get(0).instance();
        ProcessDefinition definition =
                repository.getProcessDefinition(legs.get(0).definition());
        BpmnModelInstance model = repository.getBpmnModelInstance(definition.getId());
        ActivityInstance tree = runtime.getActivityInstance(instance);
        Steps steps = new Steps(model, failed(instance));
        legs.forEach(leg -> leg.elements().forEach(element -> steps.add(element, leg.at())));
        if (tree != null) {
            steps.mark(tree);
        }
        return new Diagram(
                instance,
                definition.getKey(),
                definition.getName(),
                xml(definition.getId()),
                tree == null,
                steps.all(),
                legs.stream()
                        .flatMap(leg -> leg.elements().stream())
                        .filter(element -> model.getModelElementById(element) instanceof SequenceFlow)
                        .distinct()
                        .toList());
    }

    private Set<String> failed(String instance) {
        return runtime.createIncidentQuery().processInstanceId(instance).list().stream()
                .flatMap(incident -> Stream.of(incident.getActivityId(), incident.getFailedActivityId()))
                .collect(Collectors.toSet());
    }

    private String xml(String definitionId) {
        try (InputStream model = repository.getProcessModel(definitionId)) {
            return new String(model.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Model of " + definitionId + " cannot be read", e);
        }
    }
}
