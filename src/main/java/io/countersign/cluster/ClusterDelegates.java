package io.countersign.cluster;

import io.countersign.api.http.ProcessSubject;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.NotApproved;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service tasks of {@code cluster-approval}. */
@Configuration(proxyBeanMethods = false)
class ClusterDelegates {

    /** Releases an approved change in the transaction that approves it, so that the decider sees a refusal. */
    @Bean
    JavaDelegate releaseCluster(ClusterChanges changes) {
        return execution -> {
            try {
                changes.release(cluster(execution), approval(execution));
            } catch (NotApproved | IllegalStateException e) {
                throw new Conflict(ErrorCode.NOT_APPROVED, e.getMessage());
            }
        };
    }

    /** Ends a request that was rejected or cancelled. */
    @Bean
    JavaDelegate cancelCluster(ClusterChanges changes) {
        return execution -> changes.cancel(cluster(execution), approval(execution));
    }

    private static UUID cluster(DelegateExecution execution) {
        return id(execution, "clusterId");
    }

    private static ApprovalId approval(DelegateExecution execution) {
        return new ApprovalId(id(execution, "approvalId"));
    }

    private static UUID id(DelegateExecution execution, String variable) {
        return ProcessSubject.id(execution.getVariable(variable), variable, "POST /api/v1/orgs/{org}/clusters");
    }
}
