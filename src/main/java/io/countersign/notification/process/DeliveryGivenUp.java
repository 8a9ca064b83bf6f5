package io.countersign.notification.process;

import io.countersign.engine.jobs.JobGaveUp;
import io.countersign.notification.outbox.Outbox;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Has it looked at whether anybody can still be told, once the engine gives a delivery up. */
@Component
class DeliveryGivenUp {

    private final Outbox outbox;

    DeliveryGivenUp(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Before the commit, as the engine has written by then that no try is left. */
    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    void jobGaveUp(JobGaveUp event) {
        if (event.processDefinitionKey().equals(NotificationProcess.KEY)) {
            outbox.gaveUp(event.processInstanceId());
        }
    }
}
