package io.countersign.notification.delivery;

import io.countersign.notification.Message;
import io.countersign.notification.PostOffice;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.StreamProvider;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

/** Sends letters as mail, as HTML and as plain text. */
@Component
public class MailTransport implements PostOffice {

    private static final Logger log = LoggerFactory.getLogger(MailTransport.class);
    private static final int MAX_ADDRESS_LENGTH = 254;

    static {
        // Else Jakarta Mail looks through the whole class path for this service, several times for each mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final ObjectProvider<JavaMailSender> sender;
    private final Typesetter typesetter;
    private final Handovers handovers;
    private final InternetAddress from;

    MailTransport(
            ObjectProvider<JavaMailSender> sender,
            Typesetter typesetter,
            Handovers handovers,
            @Value("${countersign.mail.from}") String from)
            throws AddressException {
        this.sender = sender;
        this.typesetter = typesetter;
        this.handovers = handovers;
        this.from = new InternetAddress(from, true);
    }

    /** @return whether a text is one bare e-mail address */
    public static boolean isAddress(String text) {
        if (text == null || text.length() > MAX_ADDRESS_LENGTH || !text.matches("[^@\\s\\p{Cc}]+@[^@\\s\\p{Cc}]+")) {
            return false;
        }
        try {
            return new InternetAddress(text, true).getAddress().equals(text);
        } catch (AddressException e) {
            return false;
        }
    }

    @Override
    public void send(UUID delivery, String address, Message message, String whyYou) {
        switch (handovers.begin(List.of(delivery)).get(delivery)) {
            case NOT_TAKEN -> {
                Mail mail = new Mail(delivery, address, Letter.of(message, whyYou));
                RuntimeException failure = send(List.of(mail)).get(delivery);
                if (failure != null) {
                    throw failure;
                }
                handovers.taken(delivery);
            }
            case TAKEN -> {}
            case UNDER_WAY -> throw Handovers.underWay();
        }
        handovers.end(List.of(delivery));
    }

    /**
     * A mail to be sent.
     *
     * @param delivery gives the message its id, so that a mail server or a reader can tell a repetition
     * @param address whom to
     * @param letter what it says
     */
    record Mail(UUID delivery, String address, Letter letter) {}

    /**
     * Sends mails over one connection.
     *
     * @return why the server did not take a mail, by its delivery; empty if it took all
     */
    Map<UUID, RuntimeException> send(List<Mail> mails) {
        JavaMailSender server = sender.getIfAvailable();
        if (server == null) {
            return allFailed(mails, new IllegalStateException("No mail server is configured: set spring.mail.host"));
        }
        Map<MimeMessage, UUID> messages = new LinkedHashMap<>();
        Map<UUID, RuntimeException> failures = new HashMap<>();
        for (Mail mail : mails) {
            try {
                messages.put(message(server.createMimeMessage(), mail), mail.delivery());
            } catch (MessagingException e) {
                failures.put(
                        mail.delivery(), new IllegalStateException("The mail cannot be written: " + e.getMessage(), e));
            }
        }
        if (messages.isEmpty()) {
            return failures;
        }
        try {
            server.send(messages.keySet().toArray(MimeMessage[]::new));
        } catch (MailSendException e) {
            if (e.getFailedMessages().isEmpty()) {
                log.info("The mail server took the mails and broke the goodbye: {}", e.getMessage());
            }
            e.getFailedMessages()
                    .forEach((message, cause) -> failures.put(
                            messages.get(message),
                            new MailSendException(e.getMessage(), e.getCause(), Map.of(message, cause))));
        } catch (MailException e) {
            return allFailed(mails, e);
        }
        return failures;
    }

    private static Map<UUID, RuntimeException> allFailed(List<Mail> mails, RuntimeException failure) {
        return mails.stream().collect(Collectors.toMap(Mail::delivery, mail -> failure));
    }

    /** @return whether the mail server may have taken a mail although sending it failed: it fell silent meanwhile */
    static boolean mayHaveBeenTaken(RuntimeException failure) {
        return failure instanceof MailSendException sending
                // With a cause of its own, there was not even a connection.
                && sending.getCause() == null
                && Arrays.stream(sending.getMessageExceptions())
                        .anyMatch(cause -> !(cause instanceof SendFailedException));
    }

    private MimeMessage message(MimeMessage message, Mail mail) throws MessagingException {
        Letter letter = mail.letter();
        message.setFrom(from);
        message.setRecipient(RecipientType.TO, new InternetAddress(mail.address(), true));
        message.setSubject(PlainText.subject(letter.subject()), StandardCharsets.UTF_8.name());
        message.setSentDate(new Date());
        // RFC 3834: nothing that answers by itself, such as an absence note, answers this.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader(
                "Message-ID", "<" + mail.delivery() + "@" + from.getAddress().replaceFirst(".*@", "") + ">");
        message.setContent(new MimeMultipart(
                "alternative", part(typesetter.text(letter), "plain"), part(typesetter.html(letter), "html")));
        return message;
    }

    private static BodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        return part;
    }
}
