package io.countersign.api.secret;

/** The configuration has no usable key to encrypt secrets with: the server does not start. */
final class InvalidEncryptionKeys extends RuntimeException {

    InvalidEncryptionKeys(String message) {
        super(message);
    }
}
