package io.countersign.engine.command;

import java.util.List;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Installs our interceptors around every command. */
@Component
@Order(100)
class CommandPlugin extends AbstractProcessEnginePlugin {

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.getCustomPreCommandInterceptorsTxRequired()
                .addAll(List.of(new RepeatOnConflict(engine), new DatabaseAnswers(engine)));
        engine.getCustomPostCommandInterceptorsTxRequired().add(new Refusals());
    }
}
