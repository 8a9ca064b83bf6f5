package io.countersign.identity.people;

import io.countersign.identity.UserId;

/**
 * Published in the transaction in which a superadmin asks that somebody become one too, which waits for another one.
 *
 * @param person who is to become a superadmin
 * @param by which superadmin asks
 */
public record SuperadminAsked(UserId person, UserId by) {}
