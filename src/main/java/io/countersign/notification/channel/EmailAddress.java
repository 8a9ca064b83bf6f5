package io.countersign.notification.channel;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/** The rule for e-mail addresses. */
public final class EmailAddress {

    private static final int MAX_LENGTH = 254;

    private EmailAddress() {}

    /** @return whether a text is a single bare e-mail address */
    public static boolean isValid(String text) {
        if (text == null || text.length() > MAX_LENGTH || !text.matches("[^@\\s\\p{Cc}]+@[^@\\s\\p{Cc}]+")) {
            return false;
        }
        try {
            return new InternetAddress(text, true).getAddress().equals(text);
        } catch (AddressException e) {
            return false;
        }
    }
}
