package io.countersign.gateway.process;

import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.requests.Approvals;
import io.countersign.gateway.Deployments;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.springframework.stereotype.Component;

/**
 * The listener of the user task "Deploy route": the only way to deploy. It checks the permission of the signed-in
 * person, no matter which client completes the task. {@code deploy-route.form} is read-only.
 */
@Component
class DeployRoute implements TaskListener {

    /** The engine stores strings of up to 4000 characters. */
    private static final int MAX_LENGTH = 3900;

    private final Deployments deployments;
    private final Approvals approvals;

    DeployRoute(Deployments deployments, Approvals approvals) {
        this.deployments = deployments;
        this.approvals = approvals;
    }

    @Override
    public void notify(DelegateTask task) {
        switch (task.getEventName()) {
            case EVENTNAME_CREATE -> fill(task);
            case EVENTNAME_COMPLETE -> {
                UserId person = CurrentUser.get();
                deployments.begin(
                        person,
                        GatewayProcess.routeId(task.getExecution()),
                        GatewayProcess.approvalId(task.getExecution()));
                task.setAssignee(person.value());
            }
            default -> throw new IllegalStateException("Unexpected task event " + task.getEventName());
        }
    }

    private void fill(DelegateTask task) {
        Approval approval = approvals.get(GatewayProcess.approvalId(task.getExecution()));
        String request = approval.action() + " route " + approval.entityName();
        task.setName("Deploy: " + request);
        DelegateExecution process = task.getExecution();
        process.setVariable("request", request + " (" + approval.scope().id() + ")");
        process.setVariable("requestedBy", approval.submitter().name());
        process.setVariable(
                "payload", cut(CanonicalJson.read(approval.content()).toPrettyString()));
        process.setVariable(
                "decisions",
                cut(approval.stages().stream()
                        .flatMap(stage -> stage.decisions().stream()
                                .map(decision -> "Stage " + stage.order() + ": " + line(decision)))
                        .collect(Collectors.joining("\n"))));
    }

    private static String line(Decision decision) {
        return decision.kind().wireName() + " by " + decision.decidedBy() + " at " + decision.decidedAt()
                + (decision.comment() == null ? "" : ": " + decision.comment());
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "\n… see the console for the rest";
    }
}
