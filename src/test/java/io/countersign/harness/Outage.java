package io.countersign.harness;

import java.util.concurrent.Callable;

/** Something outside that can be away for a while. */
interface Outage {

    /** Takes it away, as a crash would. */
    void stop() throws Exception;

    /** Brings it back, at the same address and with what it knew. */
    void start() throws Exception;

    /** Runs something that may fail with anything; a harness has nobody to hand the failure to. */
    static <T> T unchecked(Callable<T> action) {
        try {
            return action.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
