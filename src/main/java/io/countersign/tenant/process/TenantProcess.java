package io.countersign.tenant.process;

import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Names that {@code tenant-lifecycle.bpmn} and {@code tenant-notice.bpmn} use. */
final class TenantProcess {

    /** The lifecycle. */
    static final String KEY = "tenant-lifecycle";

    /** The process that notifies one receiver of a status change. */
    static final String NOTICE_KEY = "tenant-notice";

    /** The notice of an instance: its only process variable. */
    static final String NOTICE_ID = "noticeId";

    /** The registration of a new instance; read only when it starts. */
    static final String REGISTRATION_ID = "registrationId";

    /** The approval, for the process that runs its stages. */
    static final String APPROVAL_ID = "approvalId";

    /** The reason given by the sender of a message. */
    static final String REASON = "reason";

    /** Where an active tenant waits. */
    static final String SUSPENSION_REQUESTED = "suspension-requested";

    /** Where a suspended tenant waits. */
    static final String REACTIVATION_REQUESTED = "reactivation-requested";

    /** Asks for a suspension. */
    static final String SUSPEND = "tenant.suspend";

    /** Asks for a reactivation. */
    static final String REACTIVATE = "tenant.reactivate";

    private static final int MAX_REASON_LENGTH = 2000;

    private TenantProcess() {}

    /** @return the reason that came with the message; it is removed, so the next message does not carry it */
    static Optional<String> takeReason(DelegateExecution execution) {
        Object reason = execution.getVariable(REASON);
        execution.removeVariable(REASON);
        return reason instanceof String text && !text.isBlank()
                ? Optional.of(text.strip().substring(0, Math.min(text.strip().length(), MAX_REASON_LENGTH)))
                : Optional.empty();
    }
}
