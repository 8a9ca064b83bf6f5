package io.countersign.api.secret;

import java.security.SecureRandom;
import java.util.Base64;

/** Text that nobody can guess: tokens, keys and secrets. */
public final class RandomToken {

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomToken() {}

    /** @return 32 random bytes as 43 characters that need no escaping in a URL */
    public static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
