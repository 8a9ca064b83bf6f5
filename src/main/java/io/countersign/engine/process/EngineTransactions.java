package io.countersign.engine.process;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts engine transactions. */
@Component
public class EngineTransactions {

    private final ProcessEngine engine;

    EngineTransactions(@Lazy ProcessEngine engine) {
        this.engine = engine;
    }

    /** Runs an action in a new transaction. A plain nested command would share the outer command's state. */
    public void apart(Runnable deed) {
        ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
                .getCommandExecutorTxRequiresNew()
                .execute(context -> {
                    deed.run();
                    return null;
                });
    }
}
