package io.countersign.notification.content;

import io.countersign.notification.Message.Fact;
import java.util.List;

/**
 * A request as an approver gets to see it, in a mail and on the page that its links lead to.
 *
 * @param title what is asked for, such as {@code create cluster prod-eu}
 * @param sentence who asks for what
 * @param facts who, where, when, and what was decided so far
 * @param content every field of what is asked for
 * @param changes what would change, if it replaces something
 */
public record RequestSummary(
        String title, String sentence, List<Fact> facts, List<Fact> content, List<Difference> changes) {

    /**
     * A field that would change.
     *
     * @param field its name for people, such as {@code Node groups 1 › max nodes}
     * @param before its value now
     * @param after its value then
     */
    public record Difference(String field, String before, String after) {}
}
