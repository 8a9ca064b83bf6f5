package io.countersign.console.gateway;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.console.layout.FormText;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteDraft.RateLimitDraft;
import io.countersign.gateway.RouteSpec;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteSpec.Header;
import io.countersign.gateway.RouteSpec.Rewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The route form as typed. */
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
                FormText.text(spec.backend().namespace()),
                spec.headers().stream()
                        .map(header -> header.name() + ": " + header.value())
                        .collect(Collectors.joining("\n")),
                spec.rewrite() == null ? "" : FormText.text(spec.rewrite().path()),
                spec.rewrite() == null ? "" : FormText.text(spec.rewrite().host()),
                spec.timeoutSeconds() == null ? "" : spec.timeoutSeconds().toString(),
                spec.rateLimit() == null ? "" : spec.rateLimit().requests().toString(),
                spec.rateLimit() == null ? "minute" : spec.rateLimit().unit().wireName(),
                spec.access().wireName(),
                null);
    }

    /** @return whether a method is checked */
    public boolean serves(String method) {
        return methods != null && methods.contains(method);
    }

    /**
     * @return the requested route; its own rules are checked where the request is made
     * @throws InvalidInput if a number is malformed or a header has no value
     */
    RouteDraft draft() {
        Validation validation = new Validation();
        Optional<Integer> backendPort = FormText.number(validation, "backend.port", port);
        Optional<Integer> timeout = FormText.number(validation, "timeout_seconds", timeoutSeconds);
        Optional<Integer> requests = FormText.number(validation, "rate_limit.requests", rateRequests);
        List<Header> wanted = new ArrayList<>();
        for (String line : FormText.text(headers).split("\\R")) {
            int colon = line.indexOf(':');
            if (!line.isBlank() && validation.check(colon > 0, "headers", "must have the form name: value")) {
                wanted.add(new Header(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip()));
            }
        }
        validation.done();
        return new RouteDraft(
                FormText.text(name).strip(),
                FormText.text(path).strip(),
                pathMatch,
                methods,
                new Backend(FormText.text(service).strip(), backendPort.orElse(null), orNull(namespace)),
                wanted,
                orNull(rewritePath) == null && orNull(rewriteHost) == null
                        ? null
                        : new Rewrite(orNull(rewritePath), orNull(rewriteHost)),
                timeout.orElse(null),
                requests.map(count -> new RateLimitDraft(count, rateUnit)).orElse(null),
                access,
                adopt);
    }

    private static String orNull(String typed) {
        return FormText.given(typed).orElse(null);
    }
}
