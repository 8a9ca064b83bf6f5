package io.countersign.notification.process;

import io.countersign.notification.outbox.DeliveryJobs;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts deliveries in the engine. */
@Component
class EngineDeliveryJobs implements DeliveryJobs {

    private final RuntimeService runtime;

    EngineDeliveryJobs(@Lazy RuntimeService runtime) {
        this.runtime = runtime;
    }

    @Override
    public String start(UUID delivery, String businessKey) {
        return runtime.startProcessInstanceByKey(
                        NotificationProcess.KEY,
                        businessKey,
                        Map.of(NotificationProcess.DELIVERY_ID, delivery.toString()))
                .getId();
    }
}
