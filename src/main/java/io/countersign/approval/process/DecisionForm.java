package io.countersign.approval.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Approvals;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Change;
import io.countersign.approval.Decision;
import io.countersign.approval.Stage;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.springframework.stereotype.Component;

/**
 * Gives the task what {@code decide-stage.form} shows. These task variables are for reading only; what a client writes
 * into them is never looked at.
 */
@Component
class DecisionForm {

    /** The engine stores strings of up to 4000 characters. */
    private static final int MAX_LENGTH = 3900;

    private final Approvals approvals;

    DecisionForm(Approvals approvals) {
        this.approvals = approvals;
    }

    void fill(DelegateTask task, ApprovalId id, int order) {
        Approval approval = approvals.get(id);
        task.setName(
                "Decide: " + approval.action() + " " + approval.entityType().wireName() + " " + approval.entityName());
        task.setVariableLocal(
                "request",
                approval.action() + " " + approval.entityType().wireName() + " " + approval.entityName() + " ("
                        + approval.scope().id() + ")");
        task.setVariableLocal("requestedBy", approval.submitter().value());
        task.setVariableLocal(
                "payload", cut(CanonicalJson.read(approval.content()).toPrettyString()));
        task.setVariableLocal("changes", cut(changes(approval)));
        task.setVariableLocal(
                "stage", "Stage " + order + " of " + approval.stages().size());
        task.setVariableLocal("earlierDecisions", cut(earlier(approval)));
    }

    private static String changes(Approval approval) {
        if (approval.currentContent().isEmpty()) {
            return "All of it is new.";
        }
        String text = Change.of(approval).stream()
                .map(change -> change.field() + ": " + show(change.current()) + " → " + show(change.proposed()))
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? "No field changes." : text;
    }

    private static String show(JsonNode value) {
        return value == null || value.isNull() ? "(nothing)" : value.isTextual() ? value.asText() : value.toString();
    }

    private static String earlier(Approval approval) {
        String text = approval.stages().stream()
                .flatMap(stage -> stage.decisions().stream().map(decision -> line(stage, decision)))
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? "None yet." : text;
    }

    private static String line(Stage stage, Decision decision) {
        return "Stage " + stage.order() + ": " + decision.kind().wireName() + " by " + decision.decidedBy() + " at "
                + decision.decidedAt() + (decision.comment() == null ? "" : ": " + decision.comment());
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "\n… see the console for the rest";
    }
}
