package io.countersign.identity.signin;

import java.util.List;
import org.springframework.http.HttpMethod;

/** A table that says who may reach which endpoint of an API that others wrote. Default deny. */
public interface DoorRules {

    /**
     * One endpoint.
     *
     * @param method the HTTP method
     * @param path the path below a prefix, with {@code {id}} for one segment and {@code **} for the rest
     */
    record Door(HttpMethod method, String path) {}

    /** @return the paths that the API is reached under */
    List<String> prefixes();

    /** @return what every person who is signed in may reach */
    List<Door> people();

    /** @return what superadmins may reach beside that */
    List<Door> superadmins();
}
