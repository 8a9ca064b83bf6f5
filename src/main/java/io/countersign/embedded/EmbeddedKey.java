package io.countersign.embedded;

import io.countersign.api.secret.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The key that secrets are encrypted with, made by the first start and kept beside the database. */
@Component
@EmbeddedMode
class EmbeddedKey implements Encryption.OwnKey {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKey.class);
    private static final int BYTES = 32;

    private final String text;

    EmbeddedKey(@Value("${countersign.embedded.data-directory}") Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve("encryption-key").toAbsolutePath();
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            make(file);
        }
        text = Files.readString(file).strip();
    }

    @Override
    public String text() {
        return text;
    }

    /** Whole or not at all: a half-written key would lock out everything that is encrypted later. */
    private static void make(Path file) throws IOException {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Path unfinished = Files.createTempFile(file.getParent(), "encryption-key-", ".new", ownerOnly(file));
        try {
            Files.writeString(unfinished, Base64.getEncoder().encodeToString(key) + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        log.info("Made the key that secrets are encrypted with: file={}", file);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
