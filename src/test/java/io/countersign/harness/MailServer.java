package io.countersign.harness;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server that keeps what it took. */
final class MailServer implements Outage, AutoCloseable {

    /** A mail, as it arrived. */
    record Mail(String id, String recipient, String subject, Instant at) {}

    private final int port = Ports.free();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private SMTPServer server;

    int port() {
        return port;
    }

    @Override
    public void start() {
        server = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .hideTLS()
                .messageHandler((context, from, to, message) -> Outage.unchecked(() -> keep(message)))
                .build();
        server.start();
    }

    @Override
    public void stop() {
        server.stop();
    }

    /** @return all that arrived */
    List<Mail> mails() {
        return List.copyOf(mails);
    }

    @Override
    public void close() {
        server.stop();
    }

    private boolean keep(byte[] message) throws Exception {
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message));
        return mails.add(
                new Mail(mail.getMessageID(), mail.getAllRecipients()[0].toString(), mail.getSubject(), Instant.now()));
    }
}
