package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction in which it turns out that the address of a person's account is theirs.
 *
 * @param user whose
 * @param address which
 */
public record AddressConfirmed(UserId user, String address) {}
