package io.countersign.engine.diagram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ActivityTypes;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.runtime.ActivityInstance;
import org.springframework.stereotype.Component;

/**
 * Shows how far a process instance and the instances it called are, on their models. Whoever asks has checked that the
 * reader may see the thing that the process is about.
 */
@Component
public class ProcessDiagrams {

    private final RepositoryService repository;
    private final RuntimeService runtime;
    private final HistoryService history;

    ProcessDiagrams(RepositoryService repository, RuntimeService runtime, HistoryService history) {
        this.repository = repository;
        this.runtime = runtime;
        this.history = history;
    }

    /**
     * One instance on its model.
     *
     * @param instanceId the process instance
     * @param processKey the model's process, such as {@code cluster-approval}
     * @param processName its name for people
     * @param xml the BPMN model with its layout
     * @param ended whether the instance has come to its end
     * @param steps the activities that were entered, in order
     * @param flows ids of the sequence flows that it took, as far as that can be told
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
     * @param name its name for people; null if it has none
     * @param type its BPMN type, such as {@code userTask}
     * @param enteredAt when it was entered; empty while its job waits to run
     * @param leftAt when it was left, if it was
     * @param state how it went
     */
    public record Step(
            String activityId,
            String name,
            String type,
            Optional<Instant> enteredAt,
            Optional<Instant> leftAt,
            State state) {

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
     * @return the instance, then the instances it called, in the order in which they started; empty if history has none
     */
    public List<Diagram> of(String processInstanceId) {
        List<Diagram> diagrams = new ArrayList<>();
        HistoricProcessInstance instance = history.createHistoricProcessInstanceQuery()
                .processInstanceId(processInstanceId)
                .singleResult();
        if (instance != null) {
            // All of a root's instances have an index; those of one that called them have none.
            List<HistoricProcessInstance> all = history.createHistoricProcessInstanceQuery()
                    .rootProcessInstanceId(instance.getRootProcessInstanceId())
                    .orderByProcessInstanceStartTime()
                    .asc()
                    .list();
            collect(instance, all, diagrams);
        }
        return diagrams;
    }

    /**
     * @param processInstanceId any instance
     * @return the instance that began it all, then the instances it called; empty if history has none
     */
    public List<Diagram> ofWhole(String processInstanceId) {
        HistoricProcessInstance instance = history.createHistoricProcessInstanceQuery()
                .processInstanceId(processInstanceId)
                .singleResult();
        return instance == null ? List.of() : of(instance.getRootProcessInstanceId());
    }

    private void collect(HistoricProcessInstance instance, List<HistoricProcessInstance> all, List<Diagram> diagrams) {
        ProcessDefinition definition = repository.getProcessDefinition(instance.getProcessDefinitionId());
        List<HistoricActivityInstance> visits = history.createHistoricActivityInstanceQuery()
                .processInstanceId(instance.getId())
                .orderPartiallyByOccurrence()
                .asc()
                .list();
        List<Step> waiting = waiting(instance);
        diagrams.add(new Diagram(
                instance.getId(),
                definition.getKey(),
                definition.getName(),
                xml(definition.getId()),
                instance.getEndTime() != null,
                Stream.concat(entered(instance, visits), waiting.stream()).toList(),
                TakenFlows.in(repository.getBpmnModelInstance(definition.getId()), counted(visits, waiting))));
        all.stream()
                .filter(called -> instance.getId().equals(called.getSuperProcessInstanceId()))
                .forEach(called -> collect(called, all, diagrams));
    }

    private Stream<Step> entered(HistoricProcessInstance instance, List<HistoricActivityInstance> visits) {
        Set<String> failed = failed(instance);
        return visits.stream()
                .filter(visit -> !visit.getActivityType().equals(ActivityTypes.MULTI_INSTANCE_BODY))
                .map(visit -> entered(visit, failed));
    }

    private List<Step> waiting(HistoricProcessInstance instance) {
        ActivityInstance tree = instance.getEndTime() == null ? runtime.getActivityInstance(instance.getId()) : null;
        return tree == null ? List.of() : waiting(tree, failed(instance)).toList();
    }

    private Set<String> failed(HistoricProcessInstance instance) {
        return runtime.createIncidentQuery().processInstanceId(instance.getId()).list().stream()
                .flatMap(incident -> Stream.of(incident.getActivityId(), incident.getFailedActivityId()))
                .collect(Collectors.toSet());
    }

    /** @return how often each node was visited: one that runs several times over counts as its frame does */
    private static Map<String, TakenFlows.Visits> counted(List<HistoricActivityInstance> visits, List<Step> waiting) {
        Set<String> framed = visits.stream()
                .filter(visit -> visit.getActivityType().equals(ActivityTypes.MULTI_INSTANCE_BODY))
                .map(ProcessDiagrams::node)
                .collect(Collectors.toSet());
        Map<String, TakenFlows.Visits> counted = new HashMap<>();
        for (HistoricActivityInstance visit : visits) {
            boolean frame = visit.getActivityType().equals(ActivityTypes.MULTI_INSTANCE_BODY);
            if (frame || !framed.contains(visit.getActivityId())) {
                boolean left = visit.getEndTime() != null && !visit.isCanceled();
                counted.merge(node(visit), new TakenFlows.Visits(1, left ? 1 : 0), TakenFlows.Visits::plus);
            }
        }
        waiting.forEach(step -> counted.merge(step.activityId(), new TakenFlows.Visits(1, 0), TakenFlows.Visits::plus));
        return counted;
    }

    private static String node(HistoricActivityInstance visit) {
        return visit.getActivityId().replace(BpmnParse.MULTI_INSTANCE_BODY_ID_SUFFIX, "");
    }

    private static Step entered(HistoricActivityInstance visit, Set<String> failed) {
        Step.State state;
        if (visit.isCanceled()) {
            state = Step.State.CANCELLED;
        } else if (visit.getEndTime() != null) {
            state = Step.State.COMPLETED;
        } else {
            state = failed.contains(visit.getActivityId()) ? Step.State.FAILED : Step.State.ACTIVE;
        }
        return new Step(
                visit.getActivityId(),
                visit.getActivityName(),
                visit.getActivityType(),
                Optional.of(visit.getStartTime().toInstant()),
                Optional.ofNullable(visit.getEndTime()).map(Date::toInstant),
                state);
    }

    /** An activity whose job has not run yet, or failed, is in no history; the engine's tree of executions knows it. */
    private static Stream<Step> waiting(ActivityInstance node, Set<String> failed) {
        return Stream.concat(
                Arrays.stream(node.getChildTransitionInstances())
                        .map(next -> new Step(
                                next.getActivityId(),
                                next.getActivityName(),
                                next.getActivityType(),
                                Optional.empty(),
                                Optional.empty(),
                                failed.contains(next.getActivityId()) ? Step.State.FAILED : Step.State.ACTIVE)),
                Arrays.stream(node.getChildActivityInstances()).flatMap(child -> waiting(child, failed)));
    }

    private String xml(String definitionId) {
        try (InputStream model = repository.getProcessModel(definitionId)) {
            return new String(model.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Model of " + definitionId + " cannot be read", e);
        }
    }
}
