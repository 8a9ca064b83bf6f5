package io.countersign.console.approvals;

import io.countersign.engine.diagram.ProcessDiagrams;
import java.util.List;

/**
 * What the diagram's script draws.
 *
 * @param key the process
 * @param name its name for people
 * @param xml the model
 * @param ended whether the instance came to its end
 * @param active where it is
 * @param taken what it passed
 * @param failed what failed and waits for a retry
 * @param flows the way that it took
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
