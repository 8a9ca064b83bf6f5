package io.countersign.api.secret;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells an operator how to generate a key, instead of printing a stack trace. */
final class InvalidEncryptionKeysAnalyzer extends AbstractFailureAnalyzer<InvalidEncryptionKeys> {

    @Override
    protected FailureAnalysis analyze(Throwable root, InvalidEncryptionKeys cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                Encryption.HOW_TO_MAKE_A_KEY
                        + ", set it as COUNTERSIGN_ENCRYPTION_KEYS on every instance, and keep a copy: without it, what is"
                        + " stored cannot be read again.",
                cause);
    }
}
