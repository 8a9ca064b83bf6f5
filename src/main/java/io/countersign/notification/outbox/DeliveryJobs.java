package io.countersign.notification.outbox;

import java.util.UUID;

/** The engine, as far as notifications need it. */
public interface DeliveryJobs {

    /**
     * Starts the process of a delivery whose first attempt failed, in the current transaction. Its job runs after the
     * commit, is retried with growing delays, and ends as an incident.
     *
     * @param delivery the delivery
     * @param businessKey what Cockpit shows, such as {@code approval prod-eu to owner@acme.example}
     * @return the process instance's id
     */
    String start(UUID delivery, String businessKey);
}
