package io.countersign.console;

import java.util.Locale;

/** Makes words for people out of names for programs. */
final class Words {

    private Words() {}

    /** @return {@code kubernetes_version} as {@code kubernetes version} */
    static String phrase(String name) {
        return name.replace('_', ' ').strip();
    }

    /** @return {@code kubernetes_version} as {@code Kubernetes version} */
    static String label(String name) {
        String phrase = phrase(name);
        return phrase.isEmpty() ? phrase : phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
    }
}
