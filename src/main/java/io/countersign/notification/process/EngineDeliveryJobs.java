package io.countersign.notification.process;

import io.countersign.notification.delivery.DeliveryJobs;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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
        return start(NotificationProcess.DELIVERY_ID, delivery.toString(), businessKey);
    }

    @Override
    public String start(Collection<UUID> deliveries, String businessKey) {
        return start(
                NotificationProcess.DELIVERY_IDS,
                deliveries.stream().map(UUID::toString).collect(Collectors.joining(",")),
                businessKey);
    }

    private String start(String variable, String value, String businessKey) {
        return runtime.startProcessInstanceByKey(NotificationProcess.KEY, businessKey, Map.of(variable, value))
                .getId();
    }
}
