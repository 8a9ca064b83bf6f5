package io.countersign.engine.process;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Begins transactions of the engine. */
@Component
public class EngineTransactions {

    private final ProcessEngine engine;

    EngineTransactions(@Lazy ProcessEngine engine) {
        this.engine = engine;
    }

    /** Runs something in a new transaction. A plain command within a command would share its state. */
    public void apart(Runnable deed) {
        ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
                .getCommandExecutorTxRequiresNew()
                .execute(context -> {
                    deed.run();
                    return null;
                });
    }
}
