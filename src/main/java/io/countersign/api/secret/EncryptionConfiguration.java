package io.countersign.api.secret;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Takes the keys from the configuration, then the one that the server made for itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EncryptionConfiguration.Properties.class)
class EncryptionConfiguration {

    /**
     * {@code countersign.encryption.*}: how secrets are kept in the database.
     *
     * @param keys 32 random bytes in Base64 each, separated by commas: the first one encrypts, all of them decrypt.
     *     Embedded mode makes its own.
     */
    @ConfigurationProperties("countersign.encryption")
    record Properties(@DefaultValue List<String> keys) {}

    @Bean
    Encryption encryption(Properties properties, ObjectProvider<Encryption.OwnKey> own) {
        return new Encryption(Stream.concat(
                        properties.keys().stream().filter(key -> !key.isBlank()),
                        own.stream().map(Encryption.OwnKey::text))
                .toList());
    }
}
