package io.countersign.identity.signin;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/** A table that says who may reach which endpoint of an API that others wrote. Default deny. */
public interface DoorRules {

    /**
     * One endpoint.
     *
     * @param method the HTTP method
     * @param path the path, with {@code {id}} for one segment and {@code **} for the rest
     */
    record Door(HttpMethod method, String path) {}

    /** Who may pass a door; each also lets those pass who come after it, except that nobody is nobody. */
    enum Access {
        /** Every person who is signed in. */
        PEOPLE,
        /** Superadmins, who run the platform. */
        SUPERADMINS,
        /** The engine's administrators. */
        ADMINISTRATORS,
        /** Nobody at all. */
        NOBODY
    }

    /** @return the paths that the table rules over, as patterns */
    List<String> paths();

    /**
     * @param method a request's method
     * @param path its path
     * @return who may pass; nobody, if the table does not know the endpoint
     */
    Access access(HttpMethod method, PathContainer path);
}
