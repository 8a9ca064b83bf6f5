package io.countersign.identity.people;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.UUID;

/** Mails invitations. Implemented by the module that sends mail. */
public interface InvitationPost {

    /**
     * The content of an invitation.
     *
     * @param id the mail's id, so that a repetition can be recognized
     * @param address the recipient
     * @param name the person's user name
     * @param invitedBy the superadmin who asked for it
     * @param first whether it is for their first password
     * @param link where they set it
     * @param expiresAt when the link expires
     */
    record Letter(
            UUID id, String address, UserId name, UserId invitedBy, boolean first, String link, Instant expiresAt) {}

    /**
     * @param address a person's address; may be null
     * @return whether mail to the address is possible: there is a mail server and a valid address
     */
    boolean reaches(String address);

    /**
     * Sends it, in the transaction that records the sending.
     *
     * @throws RuntimeException if the mail server does not accept it
     */
    void send(Letter letter);
}
