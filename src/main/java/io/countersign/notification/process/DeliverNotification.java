package io.countersign.notification.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.notification.outbox.DeliverySender;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Delivers one notification whose first attempt failed to one channel. */
@Component
class DeliverNotification implements JavaDelegate {

    private final DeliverySender sender;

    DeliverNotification(DeliverySender sender) {
        this.sender = sender;
    }

    @Override
    public void execute(DelegateExecution execution) {
        sender.deliver(ProcessSubject.id(
                execution.getVariable(NotificationProcess.DELIVERY_ID),
                NotificationProcess.DELIVERY_ID,
                "/api/v1/me/subscriptions"));
    }
}
