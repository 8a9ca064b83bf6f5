package io.countersign.notification.delivery;

import io.countersign.notification.Message;
import io.countersign.notification.PostOffice;
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

/** Sends letters as mail, as HTML and as plain text. */
@Component
public class MailTransport implements PostOffice {

    private static final Logger log = LoggerFactory.getLogger(MailTransport.class);
    private static final int MAX_ADDRESS_LENGTH = 254;

    static {
        // Else Jakarta Mail looks through the whole class path for this service, several times for each mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final ObjectProvider<JavaMailSenderImpl> sender;
    private final Typesetter typesetter;
    private final Handovers handovers;
    private final InternetAddress from;

    MailTransport(
            ObjectProvider<JavaMailSenderImpl> sender,
            Typesetter typesetter,
            Handovers handovers,
            @Value("${countersign.mail.from}") String from)
            throws AddressException, UnsupportedEncodingException {
        this.sender = sender;
        this.typesetter = typesetter;
        this.handovers = handovers;
        InternetAddress parsed = new InternetAddress(from, true);
        // RFC 2047: a name that is not ASCII is encoded, as a header must be ASCII.
        this.from = new InternetAddress(parsed.getAddress(), parsed.getPersonal(), StandardCharsets.UTF_8.name());
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
                RuntimeException failure = send(List.of(mail), taken -> {}).get(delivery);
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
     * Sends mails over one connection, one after the other.
     *
     * @param accepted told of each mail as soon as the server took it, before the next is sent. What it throws ends the
     *     sending
     * @return why the server did not take a mail, by its delivery; empty if it took all
     */
    Map<UUID, RuntimeException> send(List<Mail> mails, Consumer<Mail> accepted) {
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
                log.info("The mail server took the mails and broke the goodbye: {}", e.getMessage());
            }
        }
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
        message.setContent(new MimeMultipart(
                "alternative", part(typesetter.text(letter), "plain"), part(typesetter.html(letter), "html")));
        // It makes up a Message-ID of its own.
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
