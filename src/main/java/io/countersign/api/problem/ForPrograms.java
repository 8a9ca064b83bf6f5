package io.countersign.api.problem;

import java.util.List;

/** The paths that programs call: whatever goes wrong there is answered as problem+json, never as a page. */
public final class ForPrograms {

    private static final List<String> PATHS = List.of("/api", "/engine-rest", "/camunda/api", "/oauth2");

    /** Where browsers are sent to sign in at an OpenID Connect provider. */
    private static final String BROWSERS = "/oauth2/authorization/";

    private ForPrograms() {}

    /** @return whether a request's path, below the context path, is one of them */
    public static boolean is(String path) {
        return !path.startsWith(BROWSERS)
                && PATHS.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }
}
