package io.countersign.identity.signin;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/** A table of who may reach which endpoint of a third-party API. Denies by default. */
public interface DoorRules {

    /**
     * One endpoint.
     *
     * @param method the HTTP method
     * @param path the path, with {@code {id}} for one segment and {@code **} for the rest
     */
    record Door(HttpMethod method, String path) {}

    /** Who may pass a door; each level includes the following ones, except for {@code NOBODY}. */
    enum Access {
        /** Every signed-in person. */
        PEOPLE,
        /** Superadmins, who run the platform. */
        SUPERADMINS,
        /** The engine's administrators. */
        ADMINISTRATORS,
        /** Nobody at all. */
        NOBODY
    }

    /** @return the patterns of the paths that the table covers */
    List<String> paths();

    /**
     * @param method a request's method
     * @param path its path
     * @return who may pass; nobody if the endpoint is not in the table
     */
    Access access(HttpMethod method, PathContainer path);
}
