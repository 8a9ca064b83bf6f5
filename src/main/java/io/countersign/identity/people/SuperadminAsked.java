package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction in which a superadmin proposes another one.
 *
 * @param person the proposed superadmin
 * @param by the proposer
 */
public record SuperadminAsked(UserId person, UserId by) {}
