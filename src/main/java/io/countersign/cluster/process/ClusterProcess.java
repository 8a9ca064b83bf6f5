package io.countersign.cluster.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.ApprovalId;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Names that {@code cluster-approval.bpmn} and {@code cluster-provisioning.bpmn} use. */
final class ClusterProcess {

    /** The process that takes a new cluster from request to running. */
    static final String APPROVAL = "cluster-approval";

    /** The process that carries out one change. */
    static final String PROVISIONING = "cluster-provisioning";

    /** The message that ends the process of an approved request that was cancelled. */
    static final String CANCELLED = "request.cancelled";

    /** The variable that names the cluster. */
    static final String CLUSTER_ID = "clusterId";

    /** The variable that names the approval. */
    static final String APPROVAL_ID = "approvalId";

    /** What starts {@link #APPROVAL}. */
    private static final String RESOURCE = "POST /api/v1/orgs/{org}/clusters";

    private ClusterProcess() {}

    /** @return the variables of {@link #APPROVAL} */
    static Map<String, Object> variables(UUID cluster, ApprovalId approval) {
        return Map.of(CLUSTER_ID, cluster.toString(), APPROVAL_ID, approval.toString());
    }

    /** @return the variables of {@link #PROVISIONING} */
    static Map<String, Object> variables(UUID cluster) {
        return Map.of(CLUSTER_ID, cluster.toString());
    }

    /** @return the cluster that an execution is about */
    static UUID clusterId(DelegateExecution execution) {
        return ProcessSubject.id(execution.getVariable(CLUSTER_ID), CLUSTER_ID, RESOURCE);
    }

    /** @return the approval that an execution is about */
    static ApprovalId approvalId(DelegateExecution execution) {
        return new ApprovalId(ProcessSubject.id(execution.getVariable(APPROVAL_ID), APPROVAL_ID, RESOURCE));
    }

    /** @return the process instance that was started for the change: that of the caller, if there is one */
    static String rootProcess(DelegateExecution execution) {
        DelegateExecution caller = execution.getProcessInstance().getSuperExecution();
        return caller == null ? execution.getProcessInstanceId() : caller.getProcessInstanceId();
    }
}
