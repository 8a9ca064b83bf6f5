package io.countersign.console.layout;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Links between the pages of a list that keep its filters. Templates call it {@code @paging}. */
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
        return with(path, filters());
    }

    /**
     * @param path the list
     * @param cursor where its next page begins, or null after the last
     * @return that page, with the same filters
     */
    public String next(String path, String cursor) {
        return cursor == null
                ? null
                : with(
                        path,
                        Stream.concat(
                                filters(), Stream.of(CURSOR + "=" + UriUtils.encode(cursor, StandardCharsets.UTF_8))));
    }

    /** The filters as the browser sent them, still encoded. */
    private Stream<String> filters() {
        String query = HttpMethod.GET.matches(request.getMethod()) ? request.getQueryString() : null;
        return query == null
                ? Stream.empty()
                : Arrays.stream(query.split("&"))
                        .filter(filter ->
                                !filter.isEmpty() && !filter.equals(CURSOR) && !filter.startsWith(CURSOR + "="));
    }

    private static String with(String path, Stream<String> parameters) {
        String query = parameters.collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }
}
