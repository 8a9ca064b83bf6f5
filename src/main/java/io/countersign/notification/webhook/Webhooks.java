package io.countersign.notification.webhook;

import java.util.Map;
import java.util.Optional;

/**
 * Posts JSON to URLs given by users, and keeps these requests out of the server's private network. Call it in an engine
 * job, which is retried if it throws.
 */
public interface Webhooks {

    /**
     * @param url a webhook's URL as entered
     * @return the rule it breaks, to follow the field's name, or empty
     */
    Optional<String> objection(String url);

    /**
     * Posts a body. Redirects are not followed.
     *
     * @param url the target; failure messages omit it, because it may be a secret
     * @param headers headers to send besides the content type
     * @param body JSON
     * @throws IllegalStateException if the URL breaks a rule, or the receiver does not answer with 2xx in time
     */
    void post(String url, Map<String, String> headers, String body);
}
