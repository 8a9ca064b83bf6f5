package io.countersign.api.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EncryptionTest {

    private static final String OLD = key(1);
    private static final String NEW = key(2);

    @Test
    void sealed_text_is_opened_again_and_says_nothing_by_itself() {
        Encryption encryption = new Encryption(List.of(OLD));

        String sealed = encryption.seal("geheim ü");

        assertThat(sealed).doesNotContain("geheim").isNotEqualTo(encryption.seal("geheim ü"));
        assertThat(encryption.open(sealed)).isEqualTo("geheim ü");
    }

    @Test
    void first_key_encrypts_and_every_key_decrypts() {
        String before = new Encryption(List.of(OLD)).seal("secret");
        Encryption prepared = new Encryption(List.of(OLD, NEW));
        Encryption rotated = new Encryption(List.of(NEW, OLD));

        String after = rotated.seal("secret");

        assertThat(rotated.open(before)).isEqualTo("secret");
        assertThat(prepared.open(after))
                .as("an instance that was not restarted yet")
                .isEqualTo("secret");
        assertThat(rotated.isCurrent(before)).isFalse();
        assertThat(rotated.isCurrent(after)).isTrue();
    }

    @Test
    void key_that_is_gone_and_text_that_was_altered_are_named() {
        Encryption encryption = new Encryption(List.of(OLD));
        String sealed = encryption.seal("secret");
        char last = sealed.charAt(sealed.length() - 5);
        String altered = sealed.substring(0, sealed.length() - 5)
                + (last == 'A' ? 'B' : 'A')
                + sealed.substring(sealed.length() - 4);

        assertThatThrownBy(() -> new Encryption(List.of(NEW)).open(sealed))
                .hasMessageContaining("countersign.encryption.keys no longer has");
        assertThatThrownBy(() -> encryption.open(altered)).hasMessageContaining("damaged");
        assertThatThrownBy(() -> encryption.open(sealed.substring(0, 12))).hasMessageContaining("damaged");
    }

    @Test
    void server_does_not_start_without_a_key_and_says_how_to_make_one() {
        ApplicationContextRunner server =
                new ApplicationContextRunner().withUserConfiguration(EncryptionConfiguration.class);

        server.run(context -> assertThat(analysis(context.getStartupFailure()))
                .extracting(FailureAnalysis::getDescription, FailureAnalysis::getAction)
                .satisfies(told -> assertThat(told.toString())
                        .contains("no key is configured", "openssl rand -base64 32", "COUNTERSIGN_ENCRYPTION_KEYS")));
        server.withPropertyValues("countersign.encryption.keys=" + OLD + ", c2hvcnQ=")
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .contains("Key 2", "32 bytes")
                        .doesNotContain("c2hvcnQ="));
        server.withPropertyValues("countersign.encryption.keys=" + NEW + "," + OLD)
                .run(context -> assertThat(
                                context.getBean(Encryption.class).open(new Encryption(List.of(OLD)).seal("secret")))
                        .isEqualTo("secret"));
    }

    /** As deploy/compose.yaml mounts it. */
    @Test
    void keys_come_from_a_file(@TempDir Path secrets) throws IOException {
        Files.writeString(secrets.resolve("countersign.encryption.keys"), NEW + "," + OLD + "\n");

        new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withUserConfiguration(EncryptionConfiguration.class)
                .withPropertyValues("spring.config.import=configtree:" + secrets + "/")
                .run(context -> assertThat(
                                context.getBean(Encryption.class).open(new Encryption(List.of(OLD)).seal("secret")))
                        .isEqualTo("secret"));
    }

    private static FailureAnalysis analysis(Throwable failure) {
        return new InvalidEncryptionKeysAnalyzer().analyze(failure);
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
