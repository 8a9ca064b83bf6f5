package io.countersign.notification.mail;

import io.countersign.identity.people.InvitationPost;
import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.channel.EmailAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

/** Sends the mails that invite people to set their password. */
@Component
class InvitationMails implements InvitationPost {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final DirectMailer mail;
    private final ObjectProvider<JavaMailSender> server;

    InvitationMails(DirectMailer mail, ObjectProvider<JavaMailSender> server) {
        this.mail = mail;
        this.server = server;
    }

    @Override
    public boolean reaches(String address) {
        return server.getIfAvailable() != null && EmailAddress.isValid(address);
    }

    @Override
    public void send(Letter letter) {
        mail.send(
                letter.id(),
                letter.address(),
                new Message(
                        letter.first() ? "Welcome to Countersign" : "Set a new password",
                        letter.first()
                                ? "You have an account in Countersign. Choose your password, then sign in."
                                : "Choose a new password for your Countersign account.",
                        List.of(
                                new Fact("User name", letter.name().value()),
                                new Fact("The link works once, until", TIME.format(letter.expiresAt()))),
                        Optional.of(new Message.Link("Choose your password", letter.link()))),
                "You are receiving this because " + letter.invitedBy()
                        + (letter.first() ? " created an account for you" : " requested a link for your account")
                        + ". Nobody else will know the password you choose.");
    }
}
