package io.countersign.notification.outbox;

import io.countersign.notification.Message;
import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.mail.DirectMailer;
import io.countersign.notification.mail.MailTransport;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Records each attempt, so that a mail that the server accepted is not sent again. */
@Component
class RecordedMailer implements DirectMailer {

    private final MailTransport mail;
    private final SendAttempts attempts;

    RecordedMailer(MailTransport mail, SendAttempts attempts) {
        this.mail = mail;
        this.attempts = attempts;
    }

    @Override
    public void send(UUID delivery, String address, Message message, String reason) {
        switch (attempts.begin(List.of(delivery)).get(delivery)) {
            case NOT_TAKEN -> {
                RuntimeException failure = mail.send(
                                List.of(new MailTransport.Mail(delivery, address, OutgoingMessage.of(message, reason))),
                                taken -> {})
                        .get(delivery);
                if (failure != null) {
                    throw failure;
                }
                attempts.taken(delivery);
            }
            case TAKEN -> {}
            case UNDER_WAY -> throw SendAttempts.underWay();
        }
        attempts.end(List.of(delivery));
    }
}
