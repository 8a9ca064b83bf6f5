package io.countersign.notification.mail;

import io.countersign.notification.Message;
import java.util.UUID;

/**
 * Sends mail to addresses without a channel, such as a tenant's contact. Call it in an engine job, which is retried if
 * it throws.
 */
public interface DirectMailer {

    /**
     * Sends a message and records that in the current transaction. If the transaction cannot commit, the next attempt
     * with the same id does not send it again.
     *
     * @param delivery gives the mail its id, so that a mail server or a reader can recognize a repetition
     * @param address a single bare e-mail address
     * @param whyYou one sentence that says why the reader gets this
     * @throws org.springframework.mail.MailException if the server does not accept it
     * @throws IllegalStateException if no mail server is configured, or another instance is sending it
     */
    void send(UUID delivery, String address, Message message, String whyYou);
}
