package io.countersign.identity;

import java.util.Locale;

/**
 * Where a permission applies: one organization, one project, or the platform.
 *
 * @param type the kind of scope
 * @param id the organization's or project's id; {@code platform} for the platform
 */
public record Scope(Type type, String id) {

    /** The platform itself. */
    public static final Scope PLATFORM = new Scope(Type.PLATFORM, "platform");

    /** The kinds of scope. */
    public enum Type {
        ORGANIZATION,
        PROJECT,
        PLATFORM;

        /** @return the name in the database and in JSON */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return the scope of an organization */
    public static Scope organization(String id) {
        return new Scope(Type.ORGANIZATION, id);
    }

    /** @return the scope of a project */
    public static Scope project(String id) {
        return new Scope(Type.PROJECT, id);
    }

    /**
     * @param text the result of {@link #toString()}
     * @return the scope
     */
    public static Scope parse(String text) {
        int colon = text.indexOf(':');
        return new Scope(Type.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)), text.substring(colon + 1));
    }

    /** @return type and id, such as {@code organization:acme} */
    @Override
    public String toString() {
        return type.wireName() + ":" + id;
    }
}
