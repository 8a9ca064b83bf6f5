package io.countersign.notification.mail;

import io.countersign.notification.Message;
import java.util.UUID;

/**
 * Sends mail to addresses that are nobody's channel, such as a tenant's contact. To be called in an engine job, which
 * is tried again if it throws.
 */
public interface DirectMailer {

    /**
     * Sends a message, in the transaction that records that. If that cannot be committed, the next attempt with the
     * same id does not send again what the server took.
     *
     * @param delivery gives the mail its id, so that a mail server or a reader can tell a repetition
     * @param address one bare e-mail address
     * @param whyYou one sentence that says why the reader gets this
     * @throws org.springframework.mail.MailException if the server does not take it
     * @throws IllegalStateException if no mail server is configured, or another instance is at it
     */
    void send(UUID delivery, String address, Message message, String whyYou);
}
