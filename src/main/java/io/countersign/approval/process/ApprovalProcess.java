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

    /** The process that looks at requests that wait long. */
    static final String OVERDUE_SWEEP = "overdue-sweep";

    /** The approval that an instance is about: its only process variable beside what its tasks show. */
    static final String APPROVAL_ID = "approvalId";

    /** What a client sends with a completed task: {@code approve}, {@code reject} or {@code ask}. */
    static final String DECISION = "decision";

    /** What the person said. */
    static final String COMMENT = "comment";

    /** The content hash that the person was shown, if the client names it. */
    static final String CONTENT_HASH = "contentHash";

    /** What REST calls it, and clients may send by mistake. */
    static final String CONTENT_HASH_OF_REST = "content_hash";

    /** The decision that is none: a question to the submitter. */
    static final String ASK = "ask";

    /** What the submitter answers. */
    static final String ANSWER = "answer";

    /** The message that something was recorded which the open task does not know of. */
    static final String CHANGED = "approval.changed";

    /** The message that an approved request is pending again, for the process that carries it out. */
    static final String REOPENED = "approval.reopened";

    private ApprovalProcess() {}

    /**
     * @param kinds whose resources start the process, for a client that started it at the engine
     * @return the approval that an execution is about
     */
    static ApprovalId approvalId(DelegateExecution execution, RequestKinds kinds) {
        return approvalId(execution.getVariable(APPROVAL_ID), ": " + kinds.resources());
    }

    /**
     * @return the approval that a task is about
     * @throws OptimisticLockingFailureException if its process is gone, which had one: somebody else was faster
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
