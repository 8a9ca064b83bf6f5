package io.countersign.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP server that delivers whatever this server sends to a mailbox on disk, and nothing to anybody else. */
@Configuration(proxyBeanMethods = false)
@EmbeddedMail
class EmbeddedMailServer {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedMailServer.class);
    private static final int MAX_MESSAGE_BYTES = 10_000_000;
    private static final String TIMEOUT_MILLIS = "10000";

    @Bean
    Mailbox mailbox(@Value("${countersign.embedded.data-directory}") Path dataDirectory, Clock clock)
            throws IOException {
        return new Mailbox(dataDirectory.resolve("mail").toAbsolutePath(), clock);
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    SMTPServer smtpServer(Mailbox mailbox, @Value("${countersign.embedded.smtp-port}") int port) {
        return SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .hideTLS()
                .maxMessageSize(MAX_MESSAGE_BYTES)
                .messageHandler((context, from, to, message) -> {
                    try {
                        mailbox.add(message);
                    } catch (IOException e) {
                        log.error("event=mail_not_stored reason={}", e.getMessage());
                        throw new RejectException(451, "The mail cannot be stored, try again later");
                    }
                })
                .build();
    }

    @Bean
    JavaMailSenderImpl javaMailSender(SMTPServer server) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        sender.setPort(server.getPortAllocated());
        sender.setDefaultEncoding(StandardCharsets.UTF_8.name());
        Properties properties = sender.getJavaMailProperties();
        properties.setProperty("mail.smtp.localhost", "localhost");
        properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
        return sender;
    }
}
