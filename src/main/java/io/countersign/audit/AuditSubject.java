package io.countersign.audit;

/**
 * The subject of an entry in the trail. Its type is a value, because each kind of request adds its own.
 *
 * @param type its type, such as {@code cluster}
 * @param id its id
 * @param name its display name
 * @param scope the scope of the trail, such as {@code organization:acme}
 */
public record AuditSubject(String type, String id, String name, String scope) {}
