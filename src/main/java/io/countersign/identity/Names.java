package io.countersign.identity;

import java.util.regex.Pattern;

/** The rule for names that become Kubernetes object names and path segments: DNS labels (RFC 1123). */
public final class Names {

    /** The rule in words, to follow a field's name. */
    public static final String DNS_LABEL_RULE =
            "must be a DNS label: 1 to 63 lower-case letters, digits or dashes, starting and ending with a letter or digit";

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Names() {}

    /** @return whether the name follows the rule; false for null */
    public static boolean isDnsLabel(String name) {
        return name != null && DNS_LABEL.matcher(name).matches();
    }
}
