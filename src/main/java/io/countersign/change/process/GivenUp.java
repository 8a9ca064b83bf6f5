package io.countersign.change.process;

import io.countersign.change.CarriedOutByProcess;
import io.countersign.engine.jobs.JobGaveUp;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells what was being carried out that its job gave up. */
@Component
class GivenUp {

    private final List<CarriedOutByProcess> models;
    private final RuntimeService runtime;

    GivenUp(List<CarriedOutByProcess> models, @Lazy RuntimeService runtime) {
        this.models = models;
        this.runtime = runtime;
    }

    @EventListener
    void jobGaveUp(JobGaveUp event) {
        models.stream()
                .filter(model -> model.process().equals(event.processDefinitionKey()))
                .forEach(model -> {
                    ProcessInstance instance = runtime.createProcessInstanceQuery()
                            .processInstanceId(event.processInstanceId())
                            .singleResult();
                    if (instance != null) {
                        String subject = (String) runtime.getVariable(instance.getId(), model.variable());
                        model.gaveUp(UUID.fromString(subject), instance.getRootProcessInstanceId(), event.reason());
                    }
                });
    }
}
