package io.countersign.console.approvals;

import io.countersign.approval.Approval;
import io.countersign.approval.Stage;
import io.countersign.approval.requests.DecisionRights;
import java.util.List;

/**
 * A stage and the people it asks.
 *
 * @param stage the stage
 * @param deciders who may decide it, by whether they were asked
 */
public record StageView(Stage stage, DecisionRights.Deciders deciders) {

    /** @return the stages of a request, in order */
    public static List<StageView> of(Approval approval, DecisionRights rights) {
        return approval.stages().stream()
                .map(stage -> new StageView(stage, rights.deciders(approval, stage)))
                .toList();
    }
}
