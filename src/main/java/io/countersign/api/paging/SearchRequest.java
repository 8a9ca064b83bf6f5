package io.countersign.api.paging;

import io.countersign.api.problem.InvalidInput;
import java.util.Optional;

/**
 * Which page of a list in the order of names is asked for, and what it is searched for. Continued by keyset, as
 * {@link PageRequest} is.
 *
 * @param limit how many items, 1 to 100
 * @param after the name of the last item of the page before, if any
 * @param text what an item must contain; empty for all items
 */
public record SearchRequest(int limit, Optional<String> after, Optional<String> text) {

    private static final int MAX_TEXT_LENGTH = 100;
    private static final String MARK = "name|";

    /**
     * Reads the query parameters of a list.
     *
     * @param limit 1 to 100, or null for 20
     * @param cursor what an earlier page returned, or null for the first page
     * @param text what to look for, or null or a blank text for everything
     * @return the page asked for
     * @throws InvalidInput if any is malformed
     */
    public static SearchRequest of(Integer limit, String cursor, String text) {
        Optional<String> wanted = Optional.ofNullable(text).map(String::strip).filter(word -> !word.isEmpty());
        if (wanted.filter(word -> word.length() > MAX_TEXT_LENGTH).isPresent()) {
            throw new InvalidInput("q", "must have at most " + MAX_TEXT_LENGTH + " characters");
        }
        return new SearchRequest(
                PageRequest.size(limit), PageRequest.given(cursor).map(SearchRequest::parse), wanted);
    }

    /** @return the cursor of the page that follows an item of this name */
    public static String cursor(String name) {
        return PageRequest.encode(MARK + name);
    }

    /** @return the name after which to go on: an empty text for the first page */
    public String afterName() {
        return after.orElse("");
    }

    private static String parse(String cursor) {
        String text = PageRequest.decode(cursor);
        if (!text.startsWith(MARK) || text.indexOf('\0') >= 0) {
            throw PageRequest.foreign();
        }
        return text.substring(MARK.length());
    }
}
