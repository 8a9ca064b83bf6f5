package io.countersign.gateway;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.gateway.RouteSpec.Access;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteSpec.Header;
import io.countersign.gateway.RouteSpec.PathMatch;
import io.countersign.gateway.RouteSpec.RateLimit;
import io.countersign.gateway.RouteSpec.Rewrite;
import io.countersign.identity.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A requested route, not yet validated. Field names are those of the REST body; null means the default.
 *
 * @param name a DNS label
 * @param path starts with a slash
 * @param pathMatch {@code prefix} (the default) or {@code exact}
 * @param methods HTTP methods; null or empty for all
 * @param backend where requests go
 * @param headers the headers that a request must carry
 * @param rewrite what to change in a request
 * @param timeoutSeconds 1 to 3600
 * @param rateLimit the maximum number of requests
 * @param access {@code clients} (the default) or {@code public}
 * @param adopt whether to take over objects with its name that belong to someone else; null for no
 */
public record RouteDraft(
        String name,
        String path,
        String pathMatch,
        List<String> methods,
        Backend backend,
        List<Header> headers,
        Rewrite rewrite,
        Integer timeoutSeconds,
        RateLimitDraft rateLimit,
        String access,
        Boolean adopt) {

    /** A rate limit whose unit is not yet validated: {@code second}, {@code minute} or {@code hour}. */
    public record RateLimitDraft(Integer requests, String unit) {}

    /** The HTTP methods that a route may name. */
    public static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE");

    private static final int MAX_PATH = 1024;
    private static final int MAX_HEADERS = 16;
    private static final int MAX_TIMEOUT = 3600;
    private static final int MAX_REQUESTS = 1_000_000;

    /** The characters that Gateway API allows in a path ({@code HTTPPathMatch}). */
    private static final Pattern PATH = Pattern.compile("/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*");

    private static final Pattern PATH_TRICKS = Pattern.compile("//|/\\./|/\\.\\./|%2f|%2F|/\\.\\.$|/\\.$");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,4094}[\\x21-\\x7e])?");

    /**
     * Validates every field.
     *
     * @param domain the route's domain
     * @return the requested specification
     * @throws InvalidInput naming every invalid field
     */
    RouteSpec check(Domain domain) {
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(name), "name", Names.DNS_LABEL_RULE);
        checkPath(validation, "path", path);
        PathMatch match = pathMatch == null
                ? PathMatch.PREFIX
                : RouteSpec.constant(PathMatch.class, pathMatch).orElse(null);
        validation.check(match != null, "path_match", "must be prefix or exact");
        List<String> wanted = methods == null ? List.of() : methods;
        checkMethods(validation, wanted);
        checkBackend(validation);
        List<Header> matches = headers == null ? List.of() : headers;
        checkHeaders(validation, matches);
        checkRewrite(validation);
        validation.check(
                timeoutSeconds == null || timeoutSeconds >= 1 && timeoutSeconds <= MAX_TIMEOUT,
                "timeout_seconds",
                "must be from 1 to " + MAX_TIMEOUT);
        RateLimit.Unit unit = checkRateLimit(validation);
        Access who = access == null
                ? Access.CLIENTS
                : RouteSpec.constant(Access.class, access).orElse(null);
        validation.check(who != null, "access", "must be clients or public");
        validation.done();
        return new RouteSpec(
                name,
                domain.id(),
                domain.host(),
                path,
                match,
                METHODS.stream().filter(wanted::contains).toList(),
                backend,
                matches,
                rewrite,
                timeoutSeconds,
                rateLimit == null ? null : new RateLimit(rateLimit.requests(), unit),
                who,
                takesOver());
    }

    /** @return whether to take over objects with its name that belong to someone else */
    boolean takesOver() {
        return Boolean.TRUE.equals(adopt);
    }

    private static void checkPath(Validation validation, String field, String path) {
        validation.check(
                path != null
                        && path.length() <= MAX_PATH
                        && PATH.matcher(path).matches()
                        && !PATH_TRICKS.matcher(path).find(),
                field,
                "must start with a slash and have at most " + MAX_PATH
                        + " characters of a URL path, without empty, dot or encoded-slash segments");
    }

    private static void checkMethods(Validation validation, List<String> methods) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < methods.size(); i++) {
            validation.check(
                    methods.get(i) != null && METHODS.contains(methods.get(i)) && seen.add(methods.get(i)),
                    "methods[" + i + "]",
                    "must be one of " + String.join(", ", METHODS) + ", each once");
        }
    }

    private void checkBackend(Validation validation) {
        if (validation.check(backend != null, "backend", "must name a service and a port")) {
            validation.check(Names.isDnsLabel(backend.service()), "backend.service", Names.DNS_LABEL_RULE);
            validation.check(
                    backend.port() != null && backend.port() >= 1 && backend.port() <= 65535,
                    "backend.port",
                    "must be from 1 to 65535");
            validation.check(
                    backend.namespace() == null || Names.isDnsLabel(backend.namespace()),
                    "backend.namespace",
                    Names.DNS_LABEL_RULE);
        }
    }

    private static void checkHeaders(Validation validation, List<Header> headers) {
        validation.check(headers.size() <= MAX_HEADERS, "headers", "must have at most " + MAX_HEADERS + " entries");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            if (validation.check(header != null, "headers[" + i + "]", "must have a name and a value")) {
                validation.check(
                        header.name() != null
                                && HEADER_NAME.matcher(header.name()).matches()
                                && seen.add(header.name().toLowerCase(Locale.ROOT)),
                        "headers[" + i + "].name",
                        "must be the name of an HTTP header, each once");
                validation.check(
                        header.value() != null
                                && HEADER_VALUE.matcher(header.value()).matches(),
                        "headers[" + i + "].value",
                        "must have 1 to 4096 printable characters");
            }
        }
    }

    private void checkRewrite(Validation validation) {
        if (rewrite == null) {
            return;
        }
        validation.check(
                rewrite.path() != null || rewrite.host() != null, "rewrite", "must change the path or the host");
        if (rewrite.path() != null) {
            checkPath(validation, "rewrite.path", rewrite.path());
        }
        validation.check(rewrite.host() == null || Domain.isHost(rewrite.host()), "rewrite.host", Domain.HOST_RULE);
    }

    private RateLimit.Unit checkRateLimit(Validation validation) {
        if (rateLimit == null) {
            return null;
        }
        validation.check(
                rateLimit.requests() != null && rateLimit.requests() >= 1 && rateLimit.requests() <= MAX_REQUESTS,
                "rate_limit.requests",
                "must be from 1 to " + MAX_REQUESTS);
        RateLimit.Unit unit =
                RouteSpec.constant(RateLimit.Unit.class, rateLimit.unit()).orElse(null);
        validation.check(unit != null, "rate_limit.unit", "must be second, minute or hour");
        return unit;
    }
}
