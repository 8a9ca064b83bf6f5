package io.countersign.api.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor.CipherAlgorithm;
import org.springframework.security.crypto.keygen.KeyGenerators;

/**
 * Encrypts secrets that the server must know again, before they go to the database: AES-256 in GCM. What can be
 * compared by its hash is hashed instead. The first key encrypts and every key decrypts, so that keys can be replaced.
 */
public final class Encryption {

    /** How an operator makes a key. */
    static final String HOW_TO_MAKE_A_KEY = "Generate one with \"openssl rand -base64 32\"";

    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int ID_DIGITS = 8;

    private final Map<String, AesBytesEncryptor> encryptors = new LinkedHashMap<>();
    private final String currentKey;

    /** A key that the server made for itself, beside those of the configuration. */
    @FunctionalInterface
    public interface OwnKey {

        /** @return 32 bytes in Base64 */
        String text();
    }

    /**
     * @param keys 32 bytes in Base64 each, at least one; the first one encrypts
     * @throws InvalidEncryptionKeys if there is none, or if one is no key
     */
    public Encryption(List<String> keys) {
        if (keys.isEmpty()) {
            throw new InvalidEncryptionKeys("Secrets are stored encrypted, and no key is configured.");
        }
        List<String> ids = new ArrayList<>();
        for (String key : keys) {
            byte[] bytes = bytes(key, ids.size() + 1);
            String id = id(bytes);
            ids.add(id);
            encryptors.putIfAbsent(id, encryptor(new SecretKeySpec(bytes, "AES")));
        }
        currentKey = ids.get(0);
    }

    /** @return a text that says nothing without the key, and differs each time; {@link #open} reads it */
    public String seal(String secret) {
        byte[] sealed = encryptors.get(currentKey).encrypt(secret.getBytes(StandardCharsets.UTF_8));
        return currentKey + ":" + Base64.getEncoder().encodeToString(sealed);
    }

    /**
     * @param sealed what {@link #seal} returned
     * @return the secret
     * @throws IllegalStateException if none of the keys opens it, with a reason for an operator
     */
    public String open(String sealed) {
        String id = keyOf(sealed);
        AesBytesEncryptor encryptor = encryptors.get(id);
        if (encryptor == null) {
            throw new IllegalStateException("A stored secret was encrypted with the key " + id
                    + ", which countersign.encryption.keys no longer has.");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed.substring(id.length() + 1));
            return new String(encryptor.decrypt(bytes), StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            throw new IllegalStateException("A stored secret is damaged: its key " + id + " cannot decrypt it.", e);
        }
    }

    /** @return whether the first key sealed it; else sealing it again lets an older key go */
    public boolean isCurrent(String sealed) {
        return keyOf(sealed).equals(currentKey);
    }

    private static String keyOf(String sealed) {
        return sealed.substring(0, Math.max(0, sealed.indexOf(':')));
    }

    /** Names a key without telling anything about it. */
    private static String id(byte[] key) {
        return Sha256.of(HexFormat.of().formatHex(key)).substring(0, ID_DIGITS);
    }

    private static byte[] bytes(String key, int position) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key.strip());
            if (bytes.length == KEY_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Answered below; the exception would quote the key.
        }
        throw new InvalidEncryptionKeys(
                "Key " + position + " of countersign.encryption.keys is not 32 bytes in Base64.");
    }

    private static AesBytesEncryptor encryptor(SecretKey key) {
        return new AesBytesEncryptor(key, KeyGenerators.secureRandom(IV_BYTES), CipherAlgorithm.GCM);
    }
}
