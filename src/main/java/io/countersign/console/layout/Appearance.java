package io.countersign.console.layout;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * How a browser wants pages to look: kept in its cookies, because devices differ. Templates call it
 * {@code @appearance}.
 */
@Component("appearance")
public class Appearance {

    /** {@code light} or {@code dark}; absent to follow the system. */
    public static final String THEME = "countersign_theme";

    /** The zone that the reader chose. */
    public static final String CHOSEN_ZONE = "countersign_chosen_zone";

    /** The browser's zone, written by a script. */
    static final String BROWSER_ZONE = "countersign_zone";

    /** {@code off} if keyboard shortcuts are disabled. */
    public static final String KEYS = "countersign_keys";

    private static final Set<String> THEMES = Set.of("light", "dark");

    /**
     * The choices of the current request's browser.
     *
     * @param theme {@code light}, {@code dark}, or null to follow the system
     * @param zone the zone that the reader chose, or null for the browser's own
     * @param keys whether keyboard shortcuts are enabled
     */
    public record View(String theme, String zone, boolean keys) {}

    /** @return the choices of the current request's browser */
    public View current() {
        return new View(
                cookie(THEME).filter(THEMES::contains).orElse(null),
                cookie(CHOSEN_ZONE).flatMap(Appearance::zone).map(ZoneId::getId).orElse(null),
                !cookie(KEYS).filter("off"::equals).isPresent());
    }

    /** @return the zone to show times in: UTC unless the browser or its reader says otherwise */
    public ZoneId zone() {
        return cookie(CHOSEN_ZONE)
                .flatMap(Appearance::zone)
                .or(() -> cookie(BROWSER_ZONE).flatMap(Appearance::zone))
                .orElse(ZoneOffset.UTC);
    }

    /** @return the zone of that name, such as {@code Europe/Berlin}; empty if there is none */
    public static Optional<ZoneId> zone(String name) {
        return ZoneId.getAvailableZoneIds().contains(name) ? Optional.of(ZoneId.of(name)) : Optional.empty();
    }

    private static Optional<String> cookie(String name) {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return Optional.empty();
        }
        HttpServletRequest request = attributes.getRequest();
        return Optional.ofNullable(request.getCookies()).stream()
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .map(Appearance::decode)
                .findFirst();
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
