package io.countersign.identity.people;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.UUID;

/** Mails invitations. Implemented by the module that sends mail. */
public interface InvitationPost {

    /**
     * What an invitation says.
     *
     * @param id gives the mail its id, so that a repetition can be told
     * @param address where it goes
     * @param name the name that the person signs in with
     * @param invitedBy which superadmin asked for it
     * @param first whether it is their first password
     * @param link where they set it
     * @param expiresAt until when that works
     */
    record Letter(
            UUID id, String address, UserId name, UserId invitedBy, boolean first, String link, Instant expiresAt) {}

    /**
     * @param address where a person says that mail reaches them; may be null
     * @return whether there is a mail server, and an address to which it can send
     */
    boolean reaches(String address);

    /**
     * Sends it, in the transaction that records that.
     *
     * @throws RuntimeException if the mail server does not take it
     */
    void send(Letter letter);
}
