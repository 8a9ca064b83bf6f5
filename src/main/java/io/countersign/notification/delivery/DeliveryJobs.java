package io.countersign.notification.delivery;

import java.util.Collection;
import java.util.UUID;

/** The engine, as far as notifications need it. */
public interface DeliveryJobs {

    /**
     * Starts a delivery's process in the current transaction. Its job runs after the commit, is tried again with
     * growing waits, and ends as an incident.
     *
     * @param delivery what to deliver
     * @param businessKey what Cockpit shows, such as {@code approval prod-eu to owner@acme.example}
     * @return the process instance's id
     */
    String start(UUID delivery, String businessKey);

    /**
     * Starts one process for several deliveries in the current transaction. Its job runs after the commit and tries
     * each of them once; one that fails goes on in a process of its own.
     *
     * @param deliveries what to deliver
     * @param businessKey what Cockpit shows, such as {@code approval prod-eu to 3 recipients}
     * @return the process instance's id
     */
    String start(Collection<UUID> deliveries, String businessKey);
}
