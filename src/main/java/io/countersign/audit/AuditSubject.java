package io.countersign.audit;

/**
 * The thing that an entry of the trail is about. Its type is a value, as each kind of request brings its own.
 *
 * @param type which kind of thing, such as {@code cluster}
 * @param id which one
 * @param name its name for people
 * @param scope whose trail this is, such as {@code organization:acme}
 */
public record AuditSubject(String type, String id, String name, String scope) {}
