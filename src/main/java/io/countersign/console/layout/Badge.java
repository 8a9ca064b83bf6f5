package io.countersign.console.layout;

/**
 * A status as a coloured label.
 *
 * @param text its name for people
 * @param tone the style, such as {@code success}
 * @param icon the icon, as colour alone says nothing to some
 * @param code its name in the API
 */
public record Badge(String text, String tone, String icon, String code) {}
