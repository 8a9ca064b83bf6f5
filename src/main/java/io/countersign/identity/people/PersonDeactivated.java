package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction that deactivates a person, before they lose anything: from its commit on, they can do
 * nothing here.
 *
 * @param user the person
 * @param by the superadmin who deactivated them
 */
public record PersonDeactivated(UserId user, UserId by) {}
