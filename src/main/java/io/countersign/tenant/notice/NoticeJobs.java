package io.countersign.tenant.notice;

import java.util.UUID;

/** The engine, as far as notices need it. */
public interface NoticeJobs {

    /**
     * Starts the process that delivers a notice, in the current transaction.
     *
     * @param businessKey the key that people recognize, the tenant id
     */
    void start(UUID notice, String businessKey);
}
