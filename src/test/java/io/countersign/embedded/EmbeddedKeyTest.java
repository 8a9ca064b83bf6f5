package io.countersign.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.secret.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKeyTest {

    @TempDir
    private Path directory;

    @Test
    void key_is_made_once() throws IOException {
        Path data = directory.resolve("data");
        String made = new EmbeddedKey(data).text();

        String sealed = new Encryption(List.of(made)).seal("secret");

        assertThat(new Encryption(List.of(new EmbeddedKey(data).text())).open(sealed))
                .isEqualTo("secret");
        assertThat(Files.list(data)).containsExactly(data.resolve("encryption-key"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void only_its_owner_may_read_the_key() throws IOException {
        new EmbeddedKey(directory);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("encryption-key"))))
                .isEqualTo("rw-------");
    }
}
