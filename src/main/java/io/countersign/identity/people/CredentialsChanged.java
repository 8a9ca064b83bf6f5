package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction that changes how a person signs in or what they are on the platform: what they signed in
 * with before must not work any more.
 *
 * @param user the person
 */
public record CredentialsChanged(UserId user) {}
