package io.countersign.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.notification.Message;
import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.mail.MailTransport.Mail;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/** Several mails at once, at a real SMTP server that refuses one of their readers. */
class MailTransportTest extends ServerTest {

    private static final String STRANGER = "stranger@example.com";

    @Autowired
    private MailRenderer renderer;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private JavaMailSenderImpl sender;
    private SMTPServer server;
    private MailTransport transport;

    @BeforeEach
    void startServer() throws Exception {
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .hideTLS()
                .sessionHandler(new SessionHandler() {
                    @Override
                    public SessionAcceptance accept(Session session) {
                        connections.incrementAndGet();
                        return SessionAcceptance.success();
                    }

                    @Override
                    public void onSessionEnd(Session session) {}
                })
                .simpleMessageListener(new SimpleMessageListener() {
                    @Override
                    public boolean accept(String from, String recipient) {
                        return !recipient.equals(STRANGER);
                    }

                    @Override
                    public void deliver(String from, String recipient, InputStream mail) {
                        taken.add(recipient);
                        try {
                            heads.add(
                                    new String(mail.readAllBytes(), StandardCharsets.ISO_8859_1).split("\r\n\r\n")[0]);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                })
                .build();
        server.start();
        sender = new JavaMailSenderImpl();
        sender.setHost("localhost");
        sender.setPort(server.getPortAllocated());
        transport = transport("countersign@example.com");
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    @Test
    void what_the_server_refuses_of_several_mails_fails_alone() {
        Mail first = mail("first@example.com");
        Mail refused = mail(STRANGER);
        Mail last = mail("last@example.com");

        Map<UUID, RuntimeException> failures = transport.send(List.of(first, refused, last), mail -> {});

        assertThat(taken).containsExactly("first@example.com", "last@example.com");
        assertThat(failures).containsOnlyKeys(refused.delivery());
        assertThat(MailTransport.mayHaveBeenTaken(failures.get(refused.delivery())))
                .isFalse();
        assertThat(connections).hasValue(1);
    }

    @Test
    void each_mail_fails_if_nobody_listens() {
        server.stop();
        Mail first = mail("first@example.com");
        Mail second = mail("second@example.com");

        Map<UUID, RuntimeException> failures = transport.send(List.of(first, second), mail -> {});

        assertThat(failures).containsOnlyKeys(first.delivery(), second.delivery());
        assertThat(failures.values()).noneMatch(MailTransport::mayHaveBeenTaken);
    }

    @Test
    void name_of_the_sender_that_is_not_ascii_is_encoded() throws Exception {
        transport("Grüße aus Zürich <countersign@example.com>").send(List.of(mail("first@example.com")), mail -> {});

        assertThat(heads).hasSize(1);
        assertThat(heads.get(0)).matches("\\p{ASCII}*").contains("From: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=");
    }

    @Test
    void each_mail_is_told_as_accepted_before_the_next_is_sent() {
        List<String> order = new ArrayList<>();

        transport.send(List.of(mail("first@example.com"), mail("second@example.com")), mail -> {
            order.add(mail.address());
            assertThat(taken).hasSameSizeAs(order);
        });

        assertThat(order).containsExactly("first@example.com", "second@example.com");
    }

    private MailTransport transport(String from) throws Exception {
        return new MailTransport(
                new StaticListableBeanFactory(Map.of("sender", sender)).getBeanProvider(JavaMailSenderImpl.class),
                renderer,
                from);
    }

    private static Mail mail(String address) {
        return new Mail(
                UUID.randomUUID(),
                address,
                OutgoingMessage.of(
                        new Message("Subject", "Headline", List.of(), Optional.empty()), "You asked for it."));
    }
}
