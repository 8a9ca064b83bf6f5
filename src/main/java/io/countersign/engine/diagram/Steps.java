package io.countersign.engine.diagram;

import io.countersign.engine.diagram.ProcessDiagrams.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.runtime.ActivityInstance;
import org.camunda.bpm.engine.runtime.TransitionInstance;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.FlowNode;

/** Collects the visits of activities from what {@link PathRecorder} recorded and from where the instance is now. */
final class Steps {

    private final BpmnModelInstance model;
    private final Set<String> failed;
    private final List<Step> steps = new ArrayList<>();

    /** @param failed ids of the activities that failed and wait for a retry */
    Steps(BpmnModelInstance model, Set<String> failed) {
        this.model = model;
        this.failed = failed;
    }

    /** Adds a visit, or marks one as cancelled; ignores sequence flows. */
    void add(String element, Instant at) {
        if (element.endsWith(PathRecorder.CANCELLED)) {
            markLast(element.substring(0, element.length() - PathRecorder.CANCELLED.length()), Step.State.CANCELLED);
        } else if (model.getModelElementById(element) instanceof FlowNode node) {
            steps.add(new Step(element, node.getName(), Optional.of(at), Step.State.COMPLETED));
        }
    }

    /**
     * Marks the instance's current activities, and adds those whose jobs are waiting, because they are not entered yet.
     *
     * @param now the tree of the instance's activities
     */
    void mark(ActivityInstance now) {
        for (TransitionInstance next : now.getChildTransitionInstances()) {
            steps.add(new Step(
                    next.getActivityId(), next.getActivityName(), Optional.empty(), stateOf(next.getActivityId())));
        }
        for (ActivityInstance child : now.getChildActivityInstances()) {
            markLast(child.getActivityId(), stateOf(child.getActivityId()));
            mark(child);
        }
    }

    List<Step> all() {
        return List.copyOf(steps);
    }

    private Step.State stateOf(String activity) {
        return failed.contains(activity) ? Step.State.FAILED : Step.State.ACTIVE;
    }

    /** The last of several visits that is not marked yet. */
    private void markLast(String activity, Step.State state) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step.activityId().equals(activity) && step.state() == Step.State.COMPLETED) {
                steps.set(i, new Step(activity, step.name(), step.enteredAt(), state));
                return;
            }
        }
    }
}
