package io.countersign.approval.process;

/** Names that {@code approval-stages.bpmn} and the processes that call it use. */
final class ApprovalProcess {

    /** The approval that an instance is about: its only process variable. */
    static final String APPROVAL_ID = "approvalId";

    /** What a client sends with a completed task: {@code approve} or {@code reject}. */
    static final String DECISION = "decision";

    /** What the person said. */
    static final String COMMENT = "comment";

    /** The content hash that the person was shown, if the client names it. */
    static final String CONTENT_HASH = "contentHash";

    /** The message that ends the stages of a cancelled approval. */
    static final String CANCELLED = "approval.cancelled";

    private ApprovalProcess() {}
}
