package io.countersign.identity;

/**
 * Someone who signs in.
 *
 * @param id the name they sign in with
 * @param displayName their name for people
 * @param email where mail reaches them; null if they gave no address
 * @param emailConfirmed whether the address is known to be theirs
 * @param superadmin whether they hold the platform role
 * @param engineAdmin whether they administer the engine
 */
public record Person(
        UserId id, String displayName, String email, boolean emailConfirmed, boolean superadmin, boolean engineAdmin) {}
