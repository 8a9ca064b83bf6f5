package io.countersign.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The specification of a route: exactly what its approvers see and what is deployed.
 *
 * @param name unique in the domain
 * @param domain the domain's id
 * @param host the domain's host name
 * @param path the path that a request must match
 * @param pathMatch how the path is matched
 * @param methods the HTTP methods it serves; empty for all
 * @param backend where requests go
 * @param headers the headers that a request must carry, all of them
 * @param rewrite what to change in a request; null for nothing
 * @param timeoutSeconds how long a request may take; null for the gateway's own limit
 * @param rateLimit how many requests each gateway instance admits; null for unlimited
 * @param access who may call it
 * @param adopt whether to take over objects with its name that belong to someone else
 */
public record RouteSpec(
        String name,
        String domain,
        String host,
        String path,
        PathMatch pathMatch,
        List<String> methods,
        Backend backend,
        List<Header> headers,
        Rewrite rewrite,
        Integer timeoutSeconds,
        RateLimit rateLimit,
        Access access,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean adopt) {

    /** Copies the lists. */
    public RouteSpec {
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
    }

    /** @return this, no longer taking anything over */
    RouteSpec owned() {
        return new RouteSpec(
                name,
                domain,
                host,
                path,
                pathMatch,
                methods,
                backend,
                headers,
                rewrite,
                timeoutSeconds,
                rateLimit,
                access,
                false);
    }

    /**
     * A Kubernetes Service.
     *
     * @param service its name
     * @param port its port
     * @param namespace its namespace; null for the project's own. Another namespace must allow it by a ReferenceGrant.
     */
    public record Backend(String service, Integer port, String namespace) {}

    /** A header that a request must carry with exactly this value. */
    public record Header(String name, String value) {}

    /**
     * What to change in a request.
     *
     * @param path replaces the matched prefix, or the whole path of an exact match; null to keep it
     * @param host replaces the host; null to keep it
     */
    public record Rewrite(String path, String host) {}

    /** The maximum number of requests in a unit of time, counted by each gateway instance separately. */
    public record RateLimit(Integer requests, Unit unit) {

        /** The units of time. */
        public enum Unit {
            SECOND,
            MINUTE,
            HOUR;

            /** @return the name in JSON */
            @JsonValue
            public String wireName() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** How paths are matched. */
    public enum PathMatch {
        /** The path and everything below it. */
        PREFIX,
        /** This path only. */
        EXACT;

        /** @return the name in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who may call a route. */
    public enum Access {
        /** Attached clients, with their key and from their addresses; no one while none is attached. */
        CLIENTS,
        /** Anyone. */
        PUBLIC;

        /** @return the name in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return the constant with that wire name, or empty */
    static <E extends Enum<E>> Optional<E> constant(Class<E> type, String wireName) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(wireName))
                .findFirst();
    }
}
