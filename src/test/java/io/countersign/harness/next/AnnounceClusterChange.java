package io.countersign.harness.next;

import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** A step that the next version's model of provisioning has: no bean of that name exists in this version. */
@Component
@ConditionalOnProperty("next-version")
class AnnounceClusterChange implements JavaDelegate {

    private static final Logger log = LoggerFactory.getLogger(AnnounceClusterChange.class);

    private final JavaDelegate applyClusterChange;

    AnnounceClusterChange(List<JavaDelegate> delegates) {
        this.applyClusterChange = delegates.stream()
                .filter(delegate -> delegate.getClass().getSimpleName().startsWith("ApplyClusterChange"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void execute(DelegateExecution execution) throws Exception {
        log.info("A step of the next version: process={}", execution.getProcessInstanceId());
        applyClusterChange.execute(execution);
    }
}
