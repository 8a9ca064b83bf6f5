package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction that confirms the address of a person's account.
 *
 * @param user the person
 * @param address the address
 */
public record AddressConfirmed(UserId user, String address) {}
