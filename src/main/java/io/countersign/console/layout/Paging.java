package io.countersign.console.layout;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Leads through the pages of a list without losing its filters. Templates call it {@code @paging}. */
@Component("paging")
class Paging {

    private static final String CURSOR = "cursor";

    private final HttpServletRequest request;

    Paging(HttpServletRequest request) {
        this.request = request;
    }

    /** @return whether the list's first page is shown */
    public boolean first() {
        return FormText.given(request.getParameter(CURSOR)).isEmpty();
    }

    /**
     * @param path the list
     * @return its first page, with the same filters
     */
    public String first(String path) {
        return filtered(path).toUriString();
    }

    /**
     * @param path the list
     * @param cursor where its next page begins, or null after the last
     * @return that page, with the same filters
     */
    public String next(String path, String cursor) {
        return cursor == null
                ? null
                : filtered(path)
                        .queryParam(CURSOR, UriUtils.encode(cursor, StandardCharsets.UTF_8))
                        .toUriString();
    }

    private UriComponentsBuilder filtered(String path) {
        boolean list = HttpMethod.GET.matches(request.getMethod());
        return UriComponentsBuilder.fromUriString(path)
                .query(list ? request.getQueryString() : null)
                .replaceQueryParam(CURSOR);
    }
}
