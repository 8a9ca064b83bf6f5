package io.countersign.gateway;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A host name of a project.
 *
 * @param project the project it belongs to
 * @param id its name in paths
 * @param host the host name, unique across projects
 * @param createdBy who added it
 * @param createdAt when
 */
public record Domain(String project, String id, String host, UserId createdBy, Instant createdAt) {

    /** The rule for host names in words, read after a field's name. */
    static final String HOST_RULE = "must be a host name of lower-case DNS labels with a dot between each two";

    private static final Pattern HOST =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    /** @return whether it is a host name and not an address; false for null */
    static boolean isHost(String host) {
        return host != null
                && HOST.matcher(host).matches()
                && !ADDRESS.matcher(host).matches();
    }
}
