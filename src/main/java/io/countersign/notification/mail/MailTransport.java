package io.countersign.notification.mail;

import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.content.SafeText;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.StreamProvider;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/** Sends messages as mail, in HTML and plain text. */
@Component
public class MailTransport {

    private static final Logger log = LoggerFactory.getLogger(MailTransport.class);

    static {
        // Otherwise Jakarta Mail searches the whole class path for this service, several times per mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final ObjectProvider<JavaMailSenderImpl> sender;
    private final MailRenderer renderer;
    private final InternetAddress from;

    /** @param from the sender, such as {@code Countersign <countersign@example.com>} */
    public MailTransport(
            ObjectProvider<JavaMailSenderImpl> sender,
            MailRenderer renderer,
            @Value("${countersign.mail.from}") String from)
            throws AddressException, UnsupportedEncodingException {
        this.sender = sender;
        this.renderer = renderer;
        InternetAddress parsed = new InternetAddress(from, true);
        // RFC 2047 encodes a name that is not ASCII, because headers must be ASCII.
        this.from = new InternetAddress(parsed.getAddress(), parsed.getPersonal(), StandardCharsets.UTF_8.name());
    }

    /**
     * A mail to be sent.
     *
     * @param delivery gives the message its id, so that a mail server or a reader can recognize a repetition
     * @param address the recipient
     * @param letter its content
     */
    public record Mail(UUID delivery, String address, OutgoingMessage letter) {}

    /**
     * Sends mails one after the other over one connection.
     *
     * @param accepted called for each mail as soon as the server accepted it, before the next is sent. An exception
     *     from it ends the sending
     * @return why the server did not accept a mail, by its delivery; empty if it accepted all
     */
    public Map<UUID, RuntimeException> send(List<Mail> mails, Consumer<Mail> accepted) {
        JavaMailSenderImpl server = sender.getIfAvailable();
        if (server == null) {
            return allFailed(mails, new IllegalStateException("No mail server is configured: set spring.mail.host"));
        }
        Map<UUID, RuntimeException> failures = new HashMap<>();
        Transport connection = null;
        try {
            for (Mail mail : mails) {
                MimeMessage message;
                try {
                    message = message(server.createMimeMessage(), mail);
                } catch (MessagingException | RuntimeException e) {
                    failures.put(
                            mail.delivery(),
                            new IllegalStateException("The mail cannot be written: " + e.getMessage(), e));
                    continue;
                }
                try {
                    if (connection == null || !connection.isConnected()) {
                        connection = connect(server);
                    }
                } catch (MessagingException e) {
                    MailSendException away = new MailSendException("Mail server connection failed", e);
                    mails.subList(mails.indexOf(mail), mails.size())
                            .forEach(left -> failures.putIfAbsent(left.delivery(), away));
                    break;
                }
                try {
                    connection.sendMessage(message, message.getAllRecipients());
                } catch (MessagingException e) {
                    failures.put(mail.delivery(), new MailSendException(Map.of(message, e)));
                    continue;
                }
                accepted.accept(mail);
            }
        } finally {
            close(connection);
        }
        return failures;
    }

    private static Transport connect(JavaMailSenderImpl server) throws MessagingException {
        String protocol = server.getProtocol() == null ? JavaMailSenderImpl.DEFAULT_PROTOCOL : server.getProtocol();
        Transport connection = server.getSession().getTransport(protocol);
        String user = server.getUsername() == null || server.getUsername().isEmpty() ? null : server.getUsername();
        connection.connect(server.getHost(), server.getPort(), user, user == null ? null : server.getPassword());
        return connection;
    }

    private static void close(Transport connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (MessagingException e) {
                log.info("event=mail_connection_broken_after_sending reason={}", e.getMessage());
            }
        }
    }

    private static Map<UUID, RuntimeException> allFailed(List<Mail> mails, RuntimeException failure) {
        return mails.stream().collect(Collectors.toMap(Mail::delivery, mail -> failure));
    }

    /** @return whether the mail server may have accepted a mail although sending failed: it stopped responding */
    public static boolean mayHaveBeenTaken(RuntimeException failure) {
        return failure instanceof MailSendException sending
                // An exception with its own cause means that there was not even a connection.
                && sending.getCause() == null
                && Arrays.stream(sending.getMessageExceptions())
                        .anyMatch(cause -> !(cause instanceof SendFailedException));
    }

    private MimeMessage message(MimeMessage message, Mail mail) throws MessagingException {
        OutgoingMessage letter = mail.letter();
        message.setFrom(from);
        message.setRecipient(RecipientType.TO, new InternetAddress(mail.address(), true));
        message.setSubject(SafeText.subject(letter.subject()), StandardCharsets.UTF_8.name());
        message.setSentDate(new Date());
        // RFC 3834: suppresses automatic replies such as out-of-office notices.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContent(new MimeMultipart(
                "alternative", part(renderer.text(letter), "plain"), part(renderer.html(letter), "html")));
        // Jakarta Mail would generate its own Message-ID.
        message.saveChanges();
        message.setHeader(
                "Message-ID", "<" + mail.delivery() + "@" + from.getAddress().replaceFirst(".*@", "") + ">");
        return message;
    }

    private static BodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        return part;
    }
}
