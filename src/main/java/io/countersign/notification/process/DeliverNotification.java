package io.countersign.notification.process;

import io.countersign.notification.delivery.Courier;
import java.util.Arrays;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Delivers what one event has to tell: one notification to one channel, or to several. */
@Component
class DeliverNotification implements JavaDelegate {

    private final Courier courier;

    DeliverNotification(Courier courier) {
        this.courier = courier;
    }

    @Override
    public void execute(DelegateExecution execution) {
        if (execution.getVariable(NotificationProcess.DELIVERY_IDS) instanceof String several) {
            courier.deliverEach(
                    Arrays.stream(several.split(",")).map(UUID::fromString).toList());
        } else {
            courier.deliver(UUID.fromString((String) execution.getVariable(NotificationProcess.DELIVERY_ID)));
        }
    }
}
