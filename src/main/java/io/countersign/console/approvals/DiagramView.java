package io.countersign.console.approvals;

import io.countersign.engine.diagram.ProcessDiagrams;
import java.util.List;

/**
 * The input of the diagram's script.
 *
 * @param key the process
 * @param name its display name
 * @param xml the model
 * @param ended whether the instance has ended
 * @param active the current activities
 * @param taken the completed activities
 * @param failed the activities that failed and wait for a retry
 * @param flows the sequence flows taken
 */
public record DiagramView(
        String key,
        String name,
        String xml,
        boolean ended,
        List<String> active,
        List<String> taken,
        List<String> failed,
        List<String> flows) {

    public static DiagramView of(ProcessDiagrams.Diagram diagram) {
        return new DiagramView(
                diagram.processKey(),
                diagram.processName(),
                diagram.xml(),
                diagram.ended(),
                diagram.active(),
                diagram.taken(),
                diagram.failed(),
                diagram.flows());
    }
}
