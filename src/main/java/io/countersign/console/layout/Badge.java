package io.countersign.console.layout;

/**
 * A status as a coloured label.
 *
 * @param text its display name
 * @param tone the style, such as {@code success}
 * @param icon the icon, because some people cannot tell colours apart
 * @param code its name in the API
 */
public record Badge(String text, String tone, String icon, String code) {}
