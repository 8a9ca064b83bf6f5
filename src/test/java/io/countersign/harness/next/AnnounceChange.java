package io.countersign.harness.next;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** A step that the next version's model of carrying out has: no bean of that name exists in this version. */
@Component
@ConditionalOnProperty("next-version")
class AnnounceChange implements JavaDelegate {

    private static final Logger log = LoggerFactory.getLogger(AnnounceChange.class);

    private final JavaDelegate applyChange;

    AnnounceChange(@Qualifier("applyChange") JavaDelegate applyChange) {
        this.applyChange = applyChange;
    }

    @Override
    public void execute(DelegateExecution execution) throws Exception {
        log.info("A step of the next version: process={}", execution.getProcessInstanceId());
        applyChange.execute(execution);
    }
}
