package io.countersign.notification.process;

import io.countersign.notification.delivery.Courier;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Delivers one notification, whose first attempt failed, to one channel. */
@Component
class DeliverNotification implements JavaDelegate {

    private final Courier courier;

    DeliverNotification(Courier courier) {
        this.courier = courier;
    }

    @Override
    public void execute(DelegateExecution execution) {
        courier.deliver(UUID.fromString((String) execution.getVariable(NotificationProcess.DELIVERY_ID)));
    }
}
