package io.countersign.console.account;

import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.Submission;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Stores the {@link Appearance} choices from the profile page's form, in this browser only. */
@Controller
class AppearanceForm {

    private static final Duration A_YEAR = Duration.ofDays(365);

    /** Fields missing from the form stay as they are. */
    @PostMapping("/settings/appearance")
    String save(
            @RequestParam(required = false) String theme,
            @RequestParam(required = false) String zone,
            @RequestParam(required = false) String keys,
            HttpServletRequest request,
            HttpServletResponse response,
            Submission submission) {
        if (theme != null) {
            boolean chosen = theme.equals("light") || theme.equals("dark");
            set(request, response, Appearance.THEME, chosen ? theme : "");
        }
        if (zone != null) {
            set(
                    request,
                    response,
                    Appearance.CHOSEN_ZONE,
                    Appearance.zone(zone).map(ZoneId::getId).orElse(""));
        }
        if (keys != null) {
            set(request, response, Appearance.KEYS, keys.equals("off") ? "off" : "");
        }
        return submission.done("/settings/profile#appearance", "This browser remembers how you like it.");
    }

    private static void set(HttpServletRequest request, HttpServletResponse response, String name, String value) {
        // Scripts read these cookies; they contain no secret.
        ResponseCookie cookie = ResponseCookie.from(name, URLEncoder.encode(value, StandardCharsets.UTF_8))
                .path("/")
                .maxAge(value.isEmpty() ? Duration.ZERO : A_YEAR)
                .sameSite("Lax")
                .secure(request.isSecure())
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
