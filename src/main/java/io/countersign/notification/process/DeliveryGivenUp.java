package io.countersign.notification.process;

import io.countersign.engine.jobs.JobGaveUp;
import io.countersign.notification.outbox.Outbox;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Triggers a check whether anyone can still be reached once the engine gives up a delivery. */
@Component
class DeliveryGivenUp {

    private final Outbox outbox;

    DeliveryGivenUp(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Before the commit, because by then the engine has written that no attempt is left. */
    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    void jobGaveUp(JobGaveUp event) {
        if (event.processDefinitionKey().equals(NotificationProcess.KEY)) {
            outbox.gaveUp(event.processInstanceId());
        }
    }
}
