package io.countersign.approval.process;

import io.countersign.api.problem.Conflict;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Stage;
import io.countersign.approval.TeamScope;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.rules.Refusal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.membership.GroupNames;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Answers the questions of processes about their approval from the recorded decisions, never from process variables, so
 * that clients cannot change an outcome by writing into the engine. Public because expressions in models call it.
 */
@Component("approval")
public class ApprovalGateways {

    private final Approvals approvals;
    private final RequestKinds kinds;

    ApprovalGateways(Approvals approvals, RequestKinds kinds) {
        this.approvals = approvals;
        this.kinds = kinds;
    }

    /**
     * @param execution any execution of an instance that has the variable {@code approvalId}
     * @return whether decisions are still needed
     */
    public boolean isPending(DelegateExecution execution) {
        return approval(execution).status() == ApprovalStatus.PENDING;
    }

    /** @return whether every stage is approved */
    public boolean isApproved(DelegateExecution execution) {
        return approval(execution).status() == ApprovalStatus.APPROVED;
    }

    /** @return whether the stage whose task was just completed needs no further approver */
    public boolean isStageDecided(DelegateExecution execution) {
        Approval approval = approval(execution);
        // A stage that still lacks approvers has the decision just made with its task; the next stage has none.
        return approval.openQuestion().isEmpty()
                && approval.openStage()
                        .filter(stage -> !stage.decisions().isEmpty())
                        .isEmpty();
    }

    /** @return whether the submitter must answer a question before anything is decided */
    public boolean isQuestionOpen(DelegateExecution execution) {
        return approval(execution).openQuestion().isPresent();
    }

    /** @return the submitter of the request, who must answer */
    public String submitter(DelegateExecution execution) {
        return approval(execution).submitter().name();
    }

    /** @return the engine group of people with the open stage's permission, in the team that the stage requires */
    public String permissionHolders(DelegateExecution execution) {
        Approval approval = approval(execution);
        Stage stage = openStage(approval);
        Scope scope = approval.scope();
        TeamId team = approval.submitterTeam().orElse(new TeamId("-"));
        return switch (stage.teamScope()) {
            case ANY -> GroupNames.holders(scope, stage.requiredPermission());
            case OTHER_TEAM -> GroupNames.holdersOutsideTeam(scope, stage.requiredPermission(), team);
            case SUBMITTER_TEAM -> GroupNames.holdersInTeam(scope, stage.requiredPermission(), team);
        };
    }

    /** @return the engine group of owners, who are exempt from team scope; empty if the open stage is for any team */
    public List<String> ownersOfAnyTeam(DelegateExecution execution) {
        Approval approval = approval(execution);
        return openStage(approval).teamScope() == TeamScope.ANY
                ? List.of()
                : List.of(GroupNames.owners(approval.scope()));
    }

    /** @return the engine group to which the policy escalates; empty if the open stage has not escalated */
    public List<String> escalationGroup(DelegateExecution execution) {
        Approval approval = approval(execution);
        return openStage(approval).escalatedAt().isEmpty()
                ? List.of()
                : approval.waiting().group().stream()
                        .map(group -> group.engineGroup(approval.scope()))
                        .toList();
    }

    /** Refuses a task for a request that waits for no decision, as when an administrator moves a token. */
    private static Stage openStage(Approval approval) {
        return approval.openStage()
                .orElseThrow(() -> new Conflict(
                        Refusal.ALREADY_DECIDED.code(),
                        "This request is " + approval.status().wireName() + " already."));
    }

    private Approval approval(DelegateExecution execution) {
        return approvals.get(ApprovalProcess.approvalId(execution, kinds));
    }
}
