package io.countersign.approval.process;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Stage;
import io.countersign.approval.StageStatus;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.membership.GroupNames;
import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * What processes ask about their approval: always the recorded decisions, never process variables, so that nothing a
 * client writes into the engine changes an outcome. Public because expressions in models call it.
 */
@Component("approval")
public class ApprovalGateways {

    private static final String LOOP_COUNTER = "loopCounter";
    private static final String INSTANCES = "nrOfInstances";

    private final Approvals approvals;
    private final RequestKinds kinds;

    ApprovalGateways(Approvals approvals, RequestKinds kinds) {
        this.approvals = approvals;
        this.kinds = kinds;
    }

    /**
     * @param execution any execution of an instance that has the variable {@code approvalId}
     * @return how many stages the request has that are not approved; the multi-instance's cardinality
     */
    public int stageCount(DelegateExecution execution) {
        return (int) approval(execution).stages().stream()
                .filter(stage -> stage.status() != StageStatus.APPROVED)
                .count();
    }

    /** @return whether decisions are still needed */
    public boolean isPending(DelegateExecution execution) {
        return approval(execution).status() == ApprovalStatus.PENDING;
    }

    /** @return whether every stage is approved */
    public boolean isApproved(DelegateExecution execution) {
        return approval(execution).status() == ApprovalStatus.APPROVED;
    }

    /** @return whether the current stage needs no further person */
    public boolean isStageDecided(DelegateExecution execution) {
        return approval(execution).stageWithLeft(left(execution)).status() != StageStatus.PENDING;
    }

    /** @return whether the submitter is to answer a question before anything is decided */
    public boolean isQuestionOpen(DelegateExecution execution) {
        return approval(execution).openQuestion().isPresent();
    }

    /** @return who submitted the request, and so is to answer */
    public String submitter(DelegateExecution execution) {
        return approval(execution).submitter().name();
    }

    /**
     * The inboxes that the current stage's task shows up in: at most three, however many teams there are. Owners are
     * free of team scope.
     */
    public List<String> candidateGroups(DelegateExecution execution) {
        Approval approval = approval(execution);
        Stage stage = approval.stageWithLeft(left(execution));
        Scope scope = approval.scope();
        TeamId team = approval.submitterTeam().orElse(new TeamId("-"));
        List<String> groups = switch (stage.teamScope()) {
            case ANY -> List.of(GroupNames.holders(scope, stage.requiredPermission()));
            case OTHER_TEAM ->
                List.of(
                        GroupNames.holdersOutsideTeam(scope, stage.requiredPermission(), team),
                        GroupNames.owners(scope));
            case SUBMITTER_TEAM ->
                List.of(GroupNames.holdersInTeam(scope, stage.requiredPermission(), team), GroupNames.owners(scope));
        };
        return Stream.concat(
                        groups.stream(),
                        approval.patience().group().stream()
                                .filter(group -> stage.escalatedAt().isPresent())
                                .map(group -> group.engineGroup(scope)))
                .toList();
    }

    /** @return how many stages are left, that which an execution inside the multi-instance stands for included */
    static int left(DelegateExecution execution) {
        return (Integer) execution.getVariable(INSTANCES) - (Integer) execution.getVariable(LOOP_COUNTER);
    }

    private Approval approval(DelegateExecution execution) {
        return approvals.get(ApprovalProcess.approvalId(execution, kinds));
    }
}
