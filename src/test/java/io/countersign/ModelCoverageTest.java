package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.models.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Runs last and fails if there is a sequence flow, in any model, that no test took. Means something only after all
 * other tests have run.
 */
@Order(Integer.MAX_VALUE)
class ModelCoverageTest {

    private record Flow(String process, String id) {

        @Override
        public String toString() {
            return process + ".bpmn: " + id;
        }
    }

    @Test
    void every_sequence_flow_of_every_model_was_taken() {
        List<Flow> all = Models.all().stream().flatMap(ModelCoverageTest::flows).toList();

        assertThat(all)
                .filteredOn(flow -> !SequenceFlows.wasTaken(flow.process(), flow.id()))
                .as("sequence flows, of %d, that no test took", all.size())
                .isEmpty();
    }

    private static Stream<Flow> flows(Path file) {
        BpmnModelInstance model = Bpmn.readModelFromFile(file.toFile());
        String process =
                model.getModelElementsByType(Process.class).iterator().next().getId();
        return model.getModelElementsByType(SequenceFlow.class).stream().map(flow -> new Flow(process, flow.getId()));
    }
}
