package io.countersign.approval.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.kind.RequestKinds;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.springframework.dao.OptimisticLockingFailureException;

/** Names that {@code approval-stages.bpmn} and the processes that call it use. */
final class ApprovalProcess {

    /** The process that runs the stages of an approval. */
    static final String KEY = "approval-stages";

    /** The process that checks requests that wait long. */
    static final String OVERDUE_SWEEP = "overdue-sweep";

    /** The approval that an instance is about: its only process variable besides those shown by its tasks. */
    static final String APPROVAL_ID = "approvalId";

    /** The decision that a client sends with a completed task: {@code approve}, {@code reject} or {@code ask}. */
    static final String DECISION = "decision";

    /** The person's comment. */
    static final String COMMENT = "comment";

    /** The content hash that the person was shown, if the client names it. */
    static final String CONTENT_HASH = "contentHash";

    /** The REST name of the content hash, which clients may send by mistake. */
    static final String CONTENT_HASH_OF_REST = "content_hash";

    /** Not a decision but a question to the submitter. */
    static final String ASK = "ask";

    /** The submitter's answer. */
    static final String ANSWER = "answer";

    /** The message that a change was recorded without the open task. */
    static final String CHANGED = "approval.changed";

    /** The message that an approved request is pending again, for the process that carries it out. */
    static final String REOPENED = "approval.reopened";

    private ApprovalProcess() {}

    /**
     * @param kinds the kinds whose resources start the process, named to a client that started it in the engine
     * @return the approval that an execution is about
     */
    static ApprovalId approvalId(DelegateExecution execution, RequestKinds kinds) {
        return approvalId(execution.getVariable(APPROVAL_ID), ": " + kinds.resources());
    }

    /**
     * @return the approval that a task is about
     * @throws OptimisticLockingFailureException if its process is already gone: a concurrent change was faster
     */
    static ApprovalId approvalId(DelegateTask task) {
        Object id = task.getVariable(APPROVAL_ID);
        if (id == null) {
            throw new OptimisticLockingFailureException("The process of task " + task.getId() + " is gone");
        }
        return approvalId(id, "");
    }

    private static ApprovalId approvalId(Object value, String resources) {
        return new ApprovalId(
                ProcessSubject.id(value, APPROVAL_ID, "the resource of what is to be approved" + resources));
    }
}
