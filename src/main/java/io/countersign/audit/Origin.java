package io.countersign.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.UrlPathHelper;

/** Where a request came from. */
public enum Origin {
    CONSOLE,
    MAIL,
    TASKLIST,
    ENGINE_REST,
    API,
    SYSTEM;

    /** @return the name in the trail, such as {@code engine-rest} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @return the origin of the current thread's request; {@link #SYSTEM} for engine jobs and start-up */
    public static Origin current() {
        return request().map(Origin::of).orElse(SYSTEM);
    }

    /** @return the address that the current request came from */
    public static Optional<String> currentAddress() {
        return request().map(HttpServletRequest::getRemoteAddr);
    }

    private static Origin of(HttpServletRequest request) {
        // Decoded as in routing: a path with an encoded letter (%61) has the same origin.
        String path = UrlPathHelper.defaultInstance.getPathWithinApplication(request);
        if (path.startsWith("/api/") || path.equals("/oauth2/token")) {
            return API;
        }
        if (path.startsWith("/engine-rest")) {
            return ENGINE_REST;
        }
        if (path.startsWith("/camunda")) {
            return TASKLIST;
        }
        return path.startsWith("/notification/") ? MAIL : CONSOLE;
    }

    private static Optional<HttpServletRequest> request() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Optional.of(attributes.getRequest())
                : Optional.empty();
    }
}
