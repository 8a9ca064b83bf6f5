package io.countersign.tenant.process;

import io.countersign.tenant.notice.NoticeJobs;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts the delivery of notices in the engine. */
@Component
class EngineNoticeJobs implements NoticeJobs {

    private final RuntimeService runtime;

    EngineNoticeJobs(@Lazy RuntimeService runtime) {
        this.runtime = runtime;
    }

    @Override
    public void start(UUID notice, String businessKey) {
        runtime.startProcessInstanceByKey(
                TenantProcess.NOTICE_KEY, businessKey, Map.of(TenantProcess.NOTICE_ID, notice.toString()));
    }
}
