package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction that changes a person's credentials or platform roles: existing sessions and tokens must
 * stop working.
 *
 * @param user the person
 */
public record CredentialsChanged(UserId user) {}
