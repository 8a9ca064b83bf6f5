package io.countersign.engine.diagram;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.ParallelGateway;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.StartEvent;

/**
 * Finds the sequence flows that an instance took from how often it visited each node: what enters a node came by its
 * incoming flows, and what leaves it went by its outgoing ones. That two visited nodes are connected does not tell that
 * the connection was the way, so a flow that the counts leave open is none.
 */
final class TakenFlows {

    /**
     * How often an instance visited a node.
     *
     * @param entered how often it got there
     * @param left how often it went on from there by an outgoing flow
     */
    record Visits(int entered, int left) {

        static final Visits NONE = new Visits(0, 0);

        Visits plus(Visits more) {
            return new Visits(entered + more.entered, left + more.left);
        }
    }

    /** Says that some flows together were taken so many times. */
    private record Balance(List<String> flows, int count) {}

    private final Map<String, Integer> taken = new HashMap<>();

    private TakenFlows() {}

    /**
     * @param model the model that the instance runs on
     * @param visits by the id of a node; one that is missing was never visited
     * @return the ids of the flows that were taken, in the order of the model
     */
    static List<String> in(BpmnModelInstance model, Map<String, Visits> visits) {
        TakenFlows flows = new TakenFlows();
        flows.solve(balances(model, visits));
        return model.getModelElementsByType(SequenceFlow.class).stream()
                .map(SequenceFlow::getId)
                .filter(id -> flows.taken.getOrDefault(id, 0) > 0)
                .toList();
    }

    private static List<Balance> balances(BpmnModelInstance model, Map<String, Visits> visits) {
        List<Balance> balances = new ArrayList<>();
        for (FlowNode node : model.getModelElementsByType(FlowNode.class)) {
            Visits of = visits.getOrDefault(node.getId(), Visits.NONE);
            boolean begins = node instanceof StartEvent || node instanceof BoundaryEvent;
            boolean joins =
                    node instanceof ParallelGateway && node.getIncoming().size() > 1;
            if (!begins && !joins) {
                balances.add(new Balance(ids(node.getIncoming()), of.entered()));
            }
            if (node instanceof ExclusiveGateway) {
                balances.add(new Balance(ids(node.getOutgoing()), of.left()));
            } else if (!joins) {
                // Whatever is no choice goes on by each of its flows.
                ids(node.getOutgoing()).forEach(flow -> balances.add(new Balance(List.of(flow), of.left())));
            }
        }
        return balances;
    }

    private static List<String> ids(Collection<SequenceFlow> flows) {
        return flows.stream().map(SequenceFlow::getId).toList();
    }

    /** Goes on as long as some balance leaves one flow open, or nothing for those that it leaves open. */
    private void solve(List<Balance> balances) {
        boolean found = true;
        while (found) {
            found = false;
            for (Balance balance : balances) {
                List<String> open = balance.flows().stream()
                        .filter(flow -> !taken.containsKey(flow))
                        .toList();
                int rest = balance.count()
                        - balance.flows().stream()
                                .mapToInt(flow -> taken.getOrDefault(flow, 0))
                                .sum();
                if (open.size() == 1 || !open.isEmpty() && rest == 0) {
                    open.forEach(flow -> taken.put(flow, rest));
                    found = true;
                }
            }
        }
    }
}
