package io.countersign.console.gateway;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteDraft.RateLimitDraft;
import io.countersign.gateway.RouteSpec;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteSpec.Header;
import io.countersign.gateway.RouteSpec.Rewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the route form holds: texts as they were typed, so that nothing is lost when something is wrong with them. */
record RouteForm(
        String domain,
        String name,
        String path,
        String pathMatch,
        List<String> methods,
        String service,
        String port,
        String namespace,
        String headers,
        String rewritePath,
        String rewriteHost,
        String timeoutSeconds,
        String rateRequests,
        String rateUnit,
        String access,
        Boolean adopt) {

    static final RouteForm EMPTY = new RouteForm(
            "", "", "/", "prefix", List.of(), "", "8080", "", "", "", "", "", "", "minute", "clients", null);

    static RouteForm of(RouteSpec spec) {
        return new RouteForm(
                spec.domain(),
                spec.name(),
                spec.path(),
                spec.pathMatch().wireName(),
                spec.methods(),
                spec.backend().service(),
                spec.backend().port().toString(),
                text(spec.backend().namespace()),
                spec.headers().stream()
                        .map(header -> header.name() + ": " + header.value())
                        .collect(Collectors.joining("\n")),
                spec.rewrite() == null ? "" : text(spec.rewrite().path()),
                spec.rewrite() == null ? "" : text(spec.rewrite().host()),
                spec.timeoutSeconds() == null ? "" : spec.timeoutSeconds().toString(),
                spec.rateLimit() == null ? "" : spec.rateLimit().requests().toString(),
                spec.rateLimit() == null ? "minute" : spec.rateLimit().unit().wireName(),
                spec.access().wireName(),
                null);
    }

    /** @return whether a method is ticked */
    public boolean serves(String method) {
        return methods != null && methods.contains(method);
    }

    /**
     * @return what is asked for; its own rules are checked where the request is made
     * @throws InvalidInput if a number is none or a header has no value
     */
    RouteDraft draft() {
        Validation validation = new Validation();
        Integer backendPort = number(validation, "backend.port", port);
        Integer timeout = number(validation, "timeout_seconds", timeoutSeconds);
        Integer requests = number(validation, "rate_limit.requests", rateRequests);
        List<Header> wanted = new ArrayList<>();
        for (String line : text(headers).split("\\R")) {
            int colon = line.indexOf(':');
            if (!line.isBlank() && validation.check(colon > 0, "headers", "must have the form name: value")) {
                wanted.add(new Header(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip()));
            }
        }
        validation.done();
        return new RouteDraft(
                text(name).strip(),
                text(path).strip(),
                pathMatch,
                methods,
                new Backend(text(service).strip(), backendPort, orNull(namespace)),
                wanted,
                orNull(rewritePath) == null && orNull(rewriteHost) == null
                        ? null
                        : new Rewrite(orNull(rewritePath), orNull(rewriteHost)),
                timeout,
                requests == null ? null : new RateLimitDraft(requests, rateUnit),
                access,
                adopt);
    }

    private static Integer number(Validation validation, String field, String value) {
        if (orNull(value) == null) {
            return null;
        }
        return validation.check(value.strip().matches("[0-9]{1,7}"), field, "must be a whole number")
                ? Integer.valueOf(value.strip())
                : null;
    }

    private static String orNull(String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
